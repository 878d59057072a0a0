"""The simulated world: one future of the city, month by month. Imports none of the other rooms."""
