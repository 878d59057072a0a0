"""Farm land that firms take over (E8)."""

from __future__ import annotations

import numpy as np

from model.kernels.jit import kernel


@kernel
def leased(capital, yuan_mu, land, most):
    """Part of the land that business capital leases, float64[U], within +-most; 0 where there is no land."""
    out = np.zeros(capital.size)
    for u in range(out.size):
        if land[u] > 0.0:
            out[u] = min(max(capital[u] / yuan_mu / land[u], -most), most)
    return out
