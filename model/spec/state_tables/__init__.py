"""Channel states, one table per group of channels."""
