"""Compiled kernels lie in a folder of their own for each state of the sources, in tests as in runs."""

from runs import numba_cache

numba_cache.prepare()
