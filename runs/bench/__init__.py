"""How fast the months are, what they touch, and what the machine could do: measured, each time in a fresh process."""
