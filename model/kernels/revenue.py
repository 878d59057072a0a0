"""What a county receives in a month: tax, fees, land, transfers, awards and rewards (E18)."""

from __future__ import annotations

from typing import Final

from model.kernels import public as at
from model.kernels.jit import bare, within
from model.kernels.public import FEN, YEAR, fen_of, share_of, to_fen

LEAST_GRANT: Final = 0.1
"""Weight that is left to a county without room below the ceiling when grants follow risk (assumed)."""


@bare
def grant(f, y, r):
    """Transfers beyond practice by unit, yuan a month: their sum is what was set, shared out again.

    risk_grant_weight of them goes by room below the debt ceiling, deficit_weight by the cost of missing places; only
    among counties for which something was set.
    """
    out = y[at.GRANTED]
    whole = 0.0
    for u in range(out.size):
        out[u] = max(y[at.C_TRANSFER, u], 0.0)
        whole += out[u]
    if whole == 0.0:
        return
    needed = 0.0
    for u in range(out.size):
        needed += y[at.MISSING, u] if out[u] > 0.0 else 0.0
    by_need = 0.0
    for u in range(out.size):
        need = y[at.MISSING, u] * (whole / needed) if needed > 0.0 and out[u] > 0.0 else 0.0
        need = need if needed > 0.0 else out[u]
        out[u] = (1.0 - y[at.C_DEFICIT, u]) * out[u] + y[at.C_DEFICIT, u] * need
        by_need += out[u]
    risky, total = 0.0, 0.0
    for u in range(out.size):
        risky += out[u] * room_share(u, f, y, r)
    for u in range(out.size):
        risk = out[u] * room_share(u, f, y, r) * (by_need / risky) if risky > 0.0 else out[u]
        out[u] = (1.0 - r[at.R_RISK_WEIGHT]) * out[u] + r[at.R_RISK_WEIGHT] * risk
        total += out[u]
    for u in range(out.size):
        out[u] = out[u] * (whole / total)


@within
def room_share(u, f, y, r):
    """Room below the debt ceiling over the ceiling."""
    resources = max(f[at.RESOURCES, u] * y[at.C_CEILING, u], 1.0)
    return max(ceiling_room(u, f, y, r) / resources, LEAST_GRANT)


@within
def ceiling_room(u, f, y, r):
    """Fen that may still be borrowed below the ceiling; negative above it.

    Resources = those of twelve months and platform_base_share of the equity of platforms.
    """
    equity = r[at.R_PLATFORM_BASE] * y[at.EQUITY, u] * FEN * r[at.R_SCALE]
    return y[at.C_CEILING, u] * (f[at.RESOURCES, u] + equity) - f[at.DEBT, u]


@bare
def receive(month, index, u, clusters, r, f, y, m, resources):
    """Post what the county receives now and note its revenue, with the tax that came in with it.

    Rewards wait for `pay_from_above`, which knows what the prefecture can pay: they are revenue of the month in which
    they come in.
    """
    land = land_sales(u, clusters, r, y)
    fees = to_fen(y[at.FEE_START, u] * index * share_of(y[at.SERVED, u], y[at.SERVED_START, u], 1.0))
    general = to_fen(y[at.TRANSFER_START, u] * index)
    award = to_fen(y[at.C_AWARD, u] * FEN * r[at.R_VERIFIED] * f[at.CONVERSIONS, u])
    extra = fen_of(y[at.GRANTED, u], r[at.R_SCALE])
    m[at.M_LAND, u], m[at.M_FEES, u], m[at.M_GENERAL, u] = land, fees, general
    m[at.M_AWARD, u], m[at.M_COUNTY_TRANSFER, u] = award, extra
    f[at.CASH, u] += fees + general + award + extra
    f[at.FUND, u] += land
    f[at.REWARD_HOMES, u] = to_fen(y[at.C_AWARD_HOUSING, u] * award)
    f[at.OWN_REVENUE, u], f[at.LAND, u] = f[at.TAX, u] + fees, land
    revenue = f[at.TAX, u] + fees + land + general + award + extra + f[at.REWARD, u]
    # Comprehensive resources: what came in over the last twelve months.
    f[at.REVENUE, u] = resources[month % 12, u] = revenue
    f[at.RESOURCES, u] = 0
    for k in range(12):
        f[at.RESOURCES, u] += resources[k, u]


@within
def land_sales(u, clusters, r, y):
    """Land revenue: the start's, moved by a year's mean of home sales by value, and land supplied beyond practice.

    Less what is put off by leasing industrial land, and with the rents of what was leased before.
    """
    y[at.SALES_MEAN, u] += (y[at.SOLD_VALUE, u] - y[at.SALES_MEAN, u]) / YEAR
    practice = y[at.LAND_START, u] * share_of(y[at.SALES_MEAN, u], y[at.SALES_START, u], 1.0)
    put_off = practice * r[at.R_INDUSTRIAL_LAND] * (y[at.C_LEASE, u] - y[at.LEASE_START, u])
    rents = y[at.LEASED_LAND, u] * r[at.R_LEASE_RATE] / YEAR
    y[at.LEASED_LAND, u] += put_off
    practice = practice - (put_off - rents)
    more = y[at.LAND_ADDED, u] * r[at.R_HECTARE] * y[at.LAND_PRICE, u] / YEAR
    saved = clusters * r[at.R_QUOTA_SAVED]
    more = more + (y[at.C_QUOTA, u] - y[at.QUOTA_START, u]) * saved * r[at.R_QUOTA_PRICE] / YEAR
    return to_fen(max(practice + more * FEN * r[at.R_SCALE], 0.0))
