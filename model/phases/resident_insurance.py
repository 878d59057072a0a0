"""The resident medical and pension scheme beyond practice: contributions, who leaves, and later benefits (E22).

What is paid and drawn at practice stands in published incomes; only changes from it pass through the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from model.state.world import World

MONTHS: Final = 12


def start_resident_insurance(world: World) -> None:
    """accounts: contribution_start float64[U] yuan/year, resident_benefit float64[U] yuan/month (starts at 0)."""
    world.accounts["contribution_start"] = np.array(world.channels.resident_contribution_yuan_year)
    world.accounts["resident_benefit"] = np.zeros(world.n_units)


def levy_yuan_month(world: World) -> np.ndarray:
    """Contribution of a member beyond practice, float64[U], of either sign."""
    return np.asarray(
        (world.channels.resident_contribution_yuan_year - world.accounts["contribution_start"]) / MONTHS
    )


def benefit_yuan_month(world: World) -> np.ndarray:
    """What a member of 60 and over draws beyond practice, float64[U]."""
    return np.asarray(world.accounts["resident_benefit"])


def drop_out(world: World) -> np.ndarray:
    """Share of members of working age who leave, float64[U]: 1 - (contribution / practice)^-resident_dropout_elast."""
    now, before = world.channels.resident_contribution_yuan_year, world.accounts["contribution_start"]
    return np.asarray(1.0 - np.maximum(now / before, 1.0) ** -world.p.resident_dropout_elast)


def scheme(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Fen a month by unit with outside last, int64[U + 1]: contribution, saving of leavers, benefit; and who leaves."""
    def fen(yuan: np.ndarray) -> np.ndarray:
        return np.append(np.round(yuan * 100.0), 0).astype(np.int64)

    saved = fen(world.accounts["contribution_start"] / MONTHS)
    return fen(levy_yuan_month(world)), saved, fen(benefit_yuan_month(world)), np.append(drop_out(world), 0.0)


def move_benefit(world: World) -> None:
    """Benefits per elder move over resident_lag_months towards resident_benefit_ratio times the contribution beyond it.

    Beyond practice, both; who pays the contributions, benefits and subsidies is in `model.kernels.posting.post_scheme`.
    """
    a, p = world.accounts, world.p
    target = p.resident_benefit_ratio * levy_yuan_month(world)
    a["resident_benefit"] = a["resident_benefit"] + (target - a["resident_benefit"]) / p.resident_lag_months
