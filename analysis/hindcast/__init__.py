"""Hindcasts: live from the census of 2010, compare with the census of 2020."""
