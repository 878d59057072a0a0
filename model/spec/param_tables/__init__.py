"""Assumed numbers of the phases, one table per group of equations."""
