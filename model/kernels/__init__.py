"""Numba kernels shared by several phases: arrays and scalars in, arrays out."""
