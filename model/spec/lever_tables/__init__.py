"""The levers, one table per group of channels."""
