"""Building the start state from data."""
