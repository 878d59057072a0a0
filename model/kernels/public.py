"""Rows of the tables of public accounts, and what a month of budgets reads beside them (E18).

U units. Whole fen and counts are one table int64[., U], numbers another float64[., U], so that a kernel takes two
arrays instead of eighty, and is compiled in a tenth of the time; `model.phases.treasury` keeps them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from model.kernels.jit import within

WHOLE: Final = (
    "assistance_fen", "conversions", "debt_fen", "floor_months", "interest_fen", "land_fen", "own_revenue_fen",
    "platform_debt_fen", "prefecture_works_fen", "public_pay_fen", "recurrent_fen", "resources_fen", "revenue_fen",
    "reward_fen", "reward_homes_fen", "rewarded", "spending_fen", "tax_fen", "works_fen",
)
"""Accounts in whole numbers. Then room for the month: costs of levers by payer; cash in the general account and in the
land fund, and what the fund may still give; works carried out, new measures, and what others build."""
(
    ASSISTANCE, CONVERSIONS, DEBT, FLOOR_MONTHS, INTEREST, LAND, OWN_REVENUE, PLATFORM_DEBT, PREFECTURE_WORKS,
    PUBLIC_PAY, RECURRENT, RESOURCES, REVENUE, REWARD, REWARD_HOMES, REWARDED, SPENDING, TAX, WORKS,
    L_CENTRE, L_PROVINCE, L_PREFECTURE, L_COUNTY, CASH, FUND, MOVABLE, BUILT, NEW, OTHERS,
) = range(len(WHOLE) + 10)
ROWS_WHOLE: Final = OTHERS + 1
REAL: Final = (
    "asset_condition", "asset_start_yuan", "asset_yuan", "delivery", "fee_start_fen", "home_sales_mean",
    "home_sales_start", "land_added_ha_year", "land_price", "land_start_fen", "later_upkeep_yuan", "lease_start",
    "leased_land_fen", "lever_cost_yuan", "maintenance_start", "operation_start_fen", "passing_start",
    "platform_equity_yuan", "prefecture_programme_fen", "private_share_start", "private_yuan", "public_pay_share",
    "quota_share_start", "recycled_yuan", "reward_homes", "served", "served_start", "service_funding",
    "transfer_start_fen", "upkeep_paid", "village_operation_fen", "works_farm_yuan", "works_posts", "works_roads_yuan",
    "works_start_fen", "works_start_yuan", "works_tourism_yuan", "works_travel", "works_villages",
)
STATES: Final = (
    "award_housing_share", "award_yuan_per_convert", "bond_flow_yuan", "county_transfer_flow_yuan", "debt_ceiling",
    "deficit_weight", "delivery_odds", "feedback_strength", "industrial_lease_share", "land_quota_trade_share",
    "maintenance_share", "platform_flow_yuan", "private_share", "recycling_flow_yuan", "reward_flow_yuan",
    "township_power", "type_weight",
)
"""Channel states, which follow the accounts in numbers. Then room for the month: what is worked out of markets and of
costs of levers, transfers beyond practice, and upkeep a year over the stock."""
(
    CONDITION, ASSET_START, ASSET, DELIVERY, FEE_START, SALES_MEAN, SALES_START, LAND_ADDED, LAND_PRICE, LAND_START,
    LATER_UPKEEP, LEASE_START, LEASED_LAND, LEVER_COST, MAINTENANCE_START, OPERATION_START, PASSING_START, EQUITY,
    PROGRAMME, PRIVATE_START, PRIVATE, PAY_SHARE, QUOTA_START, RECYCLED, NEW_HOMES, SERVED, SERVED_START, FUNDING,
    TRANSFER_START, UPKEEP_PAID, VILLAGE_OPERATION, FARM_WORKS, POSTS, ROAD_WORKS, WORKS_START, WORKS_START_YUAN,
    TOURISM_WORKS, TRAVEL, VILLAGE_WORKS,
    C_AWARD_HOUSING, C_AWARD, C_BONDS, C_TRANSFER, C_CEILING, C_DEFICIT, C_ODDS, C_FEEDBACK, C_LEASE, C_QUOTA,
    C_MAINTENANCE, C_PLATFORM, C_PRIVATE, C_RECYCLING, C_REWARD, C_POWER, C_TYPE,
    SOLD_VALUE, SHOPS, SHOPS_START, RENTALS, MISSING, KEPT, KEPT_COUNTY, GRANTED, RATE,
) = range(len(REAL) + len(STATES) + 9)
ROWS_REAL: Final = RATE + 1
RULES: Final = (
    "scale", "later", "bond_coupon", "bond_delay", "bond_growth_year", "bond_principal_cover", "bond_rolled_share",
    "bond_years", "capital_reprioritised_share", "deficit_shift_share", "feedback_shift_share", "implement_share",
    "industrial_land_share", "land_lease_rate_year", "land_price_yuan_ha", "planning_months", "platform_base_share",
    "platform_cover", "platform_fallback_year", "platform_leverage", "private_return_year", "project_yield_year",
    "quota_price_yuan_ha", "quota_saved_ha_village", "recycling_asset_share", "recycling_least_yuan",
    "recycling_yield_year", "reward_home_yuan", "risk_grant_weight", "road_time_elast", "township_lead_cut",
    "township_shift_share", "type_shift_share", "utility_amenity_gain", "verified_share", "works_park_yuan_post",
    "works_village_yuan",
)
"""The scale, the present value of a yuan a year over public_stock_years, and parameters, in the order of `r`."""
(
    R_SCALE, R_LATER, R_COUPON, R_BOND_DELAY, R_BOND_GROWTH, R_PRINCIPAL_COVER, R_ROLLED, R_BOND_YEARS,
    R_REPRIORITISED, R_DEFICIT_SHIFT, R_FEEDBACK_SHIFT, R_IMPLEMENT, R_INDUSTRIAL_LAND, R_LEASE_RATE, R_HECTARE,
    R_PLANNING, R_PLATFORM_BASE, R_PLATFORM_COVER, R_FALLBACK, R_LEVERAGE, R_PRIVATE_RETURN, R_PROJECT_YIELD,
    R_QUOTA_PRICE, R_QUOTA_SAVED, R_ASSET_SHARE, R_LEAST_POOL, R_RECYCLING_YIELD, R_HOME_YUAN, R_RISK_WEIGHT,
    R_ROAD_ELAST, R_LEAD_CUT, R_TOWN_SHIFT, R_TYPE_SHIFT, R_AMENITY_GAIN, R_VERIFIED, R_POST_YUAN, R_VILLAGE_YUAN,
) = range(len(RULES))
POSTINGS: Final = (
    ("land_sales", "firms", "fund"), ("fees", "firms", "county"), ("general_transfer", "province", "county"),
    ("award", "centre", "county"), ("county_transfer", "province", "county"),
    ("prefecture_transfer", "province", "prefecture"), ("prefecture_pay", "prefecture", "firms"),
    ("fund_transfer", "fund", "county"), ("floor_advance", "province", "county"), ("public_pay", "county", "firms"),
    ("village_funds", "county", "villages"), ("operation", "county", "firms"),
    ("village_spending", "villages", "firms"), ("platform_interest", "firms", "banks"),
    ("county_interest", "fund", "banks"), ("county_interest", "county", "banks"),
    ("returns_outside", "fund", "outside"), ("returns_outside", "county", "outside"), ("to_fund", "county", "fund"),
    ("upkeep", "county", "firms"), ("assets_sold", "outside", "fund"), ("private_works", "outside", "firms"),
    ("private_withdrawn", "firms", "outside"), ("works", "fund", "firms"), ("works", "county", "firms"),
    ("works_from_above", "centre", "firms"), ("works_from_above", "province", "firms"),
    ("works_from_above", "prefecture", "firms"), ("prefecture_works", "prefecture", "firms"),
    ("reward", "prefecture", "county"), ("reward_homes", "fund", "firms"), ("reward_homes", "county", "firms"),
)
"""What is posted in a month, kind, from and to: rows of `m`. What is paid for capital is two rows, the fund's first."""
(
    M_LAND, M_FEES, M_GENERAL, M_AWARD, M_COUNTY_TRANSFER, M_PREFECTURE_TRANSFER, M_PREFECTURE_PAY, M_FUND_TRANSFER,
    M_ADVANCE, M_PAY, M_VILLAGE_FUNDS, M_OPERATION, M_VILLAGE_SPENDING, M_PLATFORM_INTEREST, M_INTEREST, _, M_RETURNS,
    _, M_TO_FUND, M_UPKEEP, M_SOLD, M_PRIVATE, M_WITHDRAWN, M_WORKS, _, M_CENTRE, M_PROVINCE, M_PREFECTURE,
    M_PROGRAMME, M_REWARD, M_HOMES, _,
) = range(len(POSTINGS))

GENERAL, CAPACITY, TOURISM, FARM, VILLAGE, ROADS, PARKS, HOMES = range(8)
LINES: Final = 8
"""Lines of works: general ones keep towns as they are; HOMES are those built with reward money."""
QUEUE_MONTHS: Final = 72
"""Longest time from payment to use."""
FEN: Final = 100.0
YEAR: Final = 12.0
HOME_M2: Final = 90.0


@within
def share_of(part, whole, empty):
    """part / whole, `empty` where whole is not positive."""
    return part / whole if whole > 0.0 else empty


@within
def fen_of(yuan, scale):
    """Real yuan as whole fen at the scale of the run; negative amounts become nothing."""
    return np.int64(np.floor(max(yuan, 0.0) * FEN * scale))


@within
def third_sum(values, u):
    """Sum over the three markets of a unit."""
    return values[3 * u] + values[3 * u + 1] + values[3 * u + 2]


@within
def to_fen(fen):
    """Fen without their fraction."""
    return np.int64(np.floor(fen))
