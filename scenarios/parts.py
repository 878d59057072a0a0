"""The structure of the action plan as mixes: one part for each action, linkage and reform, and the themes beside them.

A lever belongs to exactly one part: the one whose sections hold most of its measures, the first in the order of the
document where several hold as many. Sections that only open a chapter belong to no part.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from model.world.datafiles import data_root


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the plan: the name of its mix, the sections it covers, and its title in the document."""

    name: str
    sections: tuple[str, ...]
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A mix across sections: its levers, and what it is, one line of its file each."""

    name: str
    en: str
    zh: str
    about: tuple[str, ...]
    levers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a mix says of a measure: its id, section and lever."""

    id: str
    section: str
    lever: str


PARTS: Final[tuple[Part, ...]] = (
    Part("principles", ("二(一)", "二(二)", "二(三)", "二(四)", "二(五)"), "Working principles", "工作原则"),
    Part("phases", ("三",), "Goals and phases", "工作目标与阶段"),
    Part("action_1_planning", ("四(一)1",), "Action 1: county-town planning", "行动1:县城规划体系完善"),
    Part("action_2_infrastructure", ("四(一)2",), "Action 2: infrastructure", "行动2:基础设施补齐补强"),
    Part("action_3_services", ("四(一)3",), "Action 3: public services", "行动3:公共服务提标扩面"),
    Part("action_4_living_quality", ("四(一)4",), "Action 4: quality of living", "行动4:居住品质更新提质"),
    Part("action_5_safety", ("四(一)5",), "Action 5: disaster prevention", "行动5:防灾减灾能力提升"),
    Part("action_6_smart_green", ("四(一)6",), "Action 6: smart and green county towns", "行动6:智慧绿色县城建设"),
    Part("action_7_industry", ("四(一)7",), "Action 7: industrial platforms", "行动7:产业平台功能提升"),
    Part("action_8_consumption", ("四(一)8",), "Action 8: consumption", "行动8:消费环境提档升级"),
    Part("linkage_1_planning", ("四(二)1",), "Linkage 1: planning and building", "衔接1:规划建设一体化"),
    Part("linkage_2_habitat", ("四(二)2",), "Linkage 2: living environment", "衔接2:人居环境一体化"),
    Part("linkage_3_transport", ("四(二)3",), "Linkage 3: transport", "衔接3:综合交通一体化"),
    Part("linkage_4_utilities", ("四(二)4",), "Linkage 4: municipal utilities", "衔接4:市政设施一体化"),
    Part("linkage_5_services", ("四(二)5",), "Linkage 5: public services", "衔接5:公共服务一体化"),
    Part("linkage_6_industry", ("四(二)6",), "Linkage 6: industry", "衔接6:产业发展一体化"),
    Part("linkage_7_commerce", ("四(二)7",), "Linkage 7: commerce and logistics", "衔接7:商贸流通一体化"),
    Part("linkage_8_governance", ("四(二)8",), "Linkage 8: governance", "衔接8:社会治理一体化"),
    Part("reform_1_settlement", ("四(三)1",), "Reform 1: population transfer", "改革1:人口转移机制"),
    Part("reform_2_employment", ("四(三)2",), "Reform 2: employment services", "改革2:就业服务体系"),
    Part("reform_3_finance", ("四(三)3",), "Reform 3: investment and finance", "改革3:多元投融资机制"),
    Part("reform_4_land", ("四(三)4",), "Reform 4: land management", "改革4:用地管理制度"),
    Part("safeguards", ("五(一)", "五(二)", "五(三)", "五(四)", "五(五)"), "Safeguards", "保障措施"),
)

THEMES: Final[tuple[Theme, ...]] = (
    Theme(
        "affordable_rental", "Affordable rental homes", "保障性租赁住房",
        ("Guaranteed rental dwellings and dormitory beds for workers who come without a home of their own, and the",
         "part of the award for new registrations that goes into them."),
        ("rental_housing_units", "dormitory_beds", "citizenisation_housing_share"),
    ),
    Theme(
        "fiscal_push", "Fiscal push", "财政支持",
        ("Money: rewards for registering newcomers, transfers, bonds within the debt ceiling, private capital, sales",
         "of assets, and the yearly award."),
        ("citizenisation_transfer", "county_transfer", "special_bond_funding", "debt_ceiling", "performance_reward",
         "private_capital_share", "asset_recycling", "platform_equity_injection", "maintenance_funding_share",
         "investment_targeting", "delivery_capacity"),
    ),
    Theme(
        "housing_supply", "Homes, land and utilities", "住房、土地与市政设施供给",
        ("Renewal of old homes, land for new ones, what may be built on it, and the pipes and roads that serve them.",),
        ("renewal_dwellings", "renewal_keep_share", "construction_land_quota", "stock_land_reuse", "mixed_land_use",
         "density_cap", "building_cost_uplift", "community_facility_standard", "informal_rental_enforcement",
         "parking_ratio", "utility_investment", "road_investment"),
    ),
    Theme(
        "industry_and_jobs", "Industry and jobs", "产业与就业",
        ("Work near home: labour-intensive posts, workshops and zones, returnees' firms, tourism and shops, matching",
         "and training."),
        ("labour_intensive_job_support", "platform_floorspace", "specialised_towns", "industry_city_zones",
         "industrial_land_terms", "business_environment", "returnee_grant", "tourism_investment", "retail_investment",
         "job_matching", "training_places", "vocational_funding", "labour_brand_outmigration"),
    ),
    Theme(
        "public_services", "Public services", "公共服务提升",
        ("Schools, kindergartens, childcare, hospitals and clinics, elder care, culture, and help for those in need.",),
        ("school_seats", "public_preschool_seats", "childcare_places", "county_hospital_level", "elder_care_facilities",
         "teacher_rotation", "teacher_retention", "rural_teacher_pay_premium", "rural_talent_posts",
         "township_health_standard", "culture_sport_spend", "public_space_spend", "social_protection_topup"),
    ),
    Theme(
        "rent_settlement", "Registration by renting", "租房落户",
        ("Tenants may register in the county town on the terms of buyers, without the landlord's consent. Nothing else",
         "changes. An alternative to settlement_reform, which holds the same lever and more: mixing both is an error."),
        ("hukou_rent_route",),
    ),
    Theme(
        "rural_revival", "Rural revival", "乡村振兴",
        ("Villages, farm income and the links between town and country, and what is done with idle village land.",),
        ("hemei_villages", "village_sanitation", "village_plan_coverage", "village_governance", "water_integration",
         "ecological_spend", "rural_retail_support", "clean_heating_subsidy", "agri_processing_investment",
         "agri_brand_premium", "agri_rnd_transfer", "collective_coop_strength", "rural_capital_inflow",
         "logistics_cost_cut", "homestead_reform", "collective_land_market", "land_quota_trade_share"),
    ),
    Theme(
        "settlement_reform", "Settlement reform", "落户制度改革",
        ("All that the plan asks of settlement rules and equal treatment: no entry limits, registration by renting and",
         "by habitual residence, as a family, quicker procedures, equal services, social insurance, publicity. Holds",
         "all of rent_settlement."),
        ("hukou_entry_limit", "hukou_rent_route", "hukou_habitual_residence", "hukou_household_form_share",
         "admin_transaction_cost", "service_entitlement_parity", "information_reach", "social_insurance_compliance"),
    ),
)


@cache
def measures() -> tuple[Measure, ...]:
    """The measures of the plan in the order of the document."""
    with (data_root() / "plan" / "measures.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(Measure(row["id"], row["section"], row["lever"]) for row in csv.DictReader(handle))


def part_of(section: str) -> Part | None:
    """The part that a section belongs to; None for the opening of a chapter."""
    return next((part for part in PARTS if section in part.sections), None)


@cache
def home(lever: str) -> Part:
    """The one part in which the plan setting of a lever lives. Raises KeyError when no part has a measure of it."""
    found = [part for m in measures() if m.lever == lever and (part := part_of(m.section)) is not None]
    if not found:
        raise KeyError(lever)
    return Counter(found).most_common(1)[0][0]


def levers_of(part: Part, known: Iterable[str]) -> list[str]:
    """Levers whose setting lives in the part, in the order of their first measure."""
    known = set(known)
    return [key for key in dict.fromkeys(m.lever for m in measures()) if key in known and home(key) == part]
