"""The month: one phase per file, its story on top and its kernel beneath."""
