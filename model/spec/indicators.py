"""Every reported outcome, with the statistical definition that it follows.

Rates and shares, the integration index and its parts among them, are fractions between 0 and 1.
"""

from __future__ import annotations

from typing import Final

from model.spec.types import Indicator, Reduce, Text

LAST, SUM, MEAN, RATE = Reduce.LAST, Reduce.SUM, Reduce.MEAN, Reduce.RATE
UP, DOWN, NEITHER = "up", "down", "neither"
CORE_CONCEPT: Final = (
    "Usual residents are those present six months or more, or away for less than six months; "
    "persons absent six months or more count at their destination (NBS)."
)


def _i(
    key: str, unit: str, reduce: Reduce, better: str, en: str, zh: str, definition: str, *,
    headline: bool = False, weight: str | None = None, dims: tuple[str, ...] = ("month", "place"),
) -> Indicator:
    return Indicator(
        key=key, unit=unit, reduce=reduce, better=better, text=Text(en=en, zh=zh), definition=definition,
        headline=headline, weight=weight, dims=dims,
    )


_PEOPLE: Final = (
    _i("resident_urbanization_rate", "share", RATE, UP, "Resident urbanisation rate", "常住人口城镇化率", "Usual residents in areas coded urban by the NBS rule (present codes), divided by all usual residents. " + CORE_CONCEPT, headline=True, weight="resident_population"),
    _i("resident_urbanization_rate_frozen", "share", RATE, UP, "Resident urbanisation rate, codes of the start", "常住人口城镇化率(期初代码)", "As the resident urbanisation rate, with the urban codes of the start of the run, so that relabelled villages do not count.", weight="resident_population"),
    _i("hukou_urbanization_rate", "share", RATE, UP, "Hukou urbanisation rate", "户籍人口城镇化率", "Persons registered in places coded urban, divided by all persons registered in the unit. Another denominator than the resident rate: registered, not resident.", headline=True, weight="registered_population"),
    _i("citizenization_gap", "share", RATE, DOWN, "Citizenisation gap", "市民化差距", "Resident less hukou urbanisation rate, as a fraction (0.1 is ten points).", headline=True, weight="resident_population"),
    _i("urban_residents_without_hukou", "person", LAST, DOWN, "Urban residents without local urban registration", "未在本地城镇落户的城镇常住人口", "Usual residents of urban places whose registration is not in an urban place of the same unit."),
    _i("urbanization_gap_to_province", "share", RATE, DOWN, "Urbanisation gap to the province", "与全省城镇化率差距", "Resident urbanisation rate of the province (from the named future) less that of the unit, as a fraction.", weight="resident_population"),
    _i("in_county_urbanization_share", "share", RATE, UP, "In-county urbanisation share", "就地就近城镇化比例", "Departures from villages to a town of the home county, divided by all departures from villages, over the last twelve months.", headline=True, weight="rural_departures"),
    _i("resident_population", "person", LAST, NEITHER, "Resident population", "常住人口", "Usual residents at the end of the month. " + CORE_CONCEPT, headline=True),
    _i("urban_population", "person", LAST, UP, "Urban resident population", "城镇常住人口", "Usual residents of places coded urban at the end of the month."),
    _i("net_migration_rate", "1/year", RATE, UP, "Net migration rate", "净迁移率", "Usual residents arrived less left across the boundary of the unit in the last twelve months, per resident at their middle.", headline=True, weight="resident_population"),
    _i("hukou_conversions", "person", SUM, UP, "New urban registrations", "新增城镇落户人口", "Persons who moved their registration to an urban place of the unit in the month, without relabelling.", headline=True),
    _i("births", "person", SUM, NEITHER, "Births", "出生人口", "Live births to usual residents in the month."),
    _i("deaths", "person", SUM, NEITHER, "Deaths", "死亡人口", "Deaths of usual residents in the month, wherever they die."),
    _i("in_moves", "person", SUM, NEITHER, "Arrivals", "迁入人口", "Persons who became usual residents of the unit in the month, coming from another unit or from outside."),
    _i("out_moves", "person", SUM, NEITHER, "Departures", "迁出人口", "Persons who ceased to be usual residents of the unit in the month, going to another unit or outside."),
    _i("urban_growth_moves", "person", SUM, UP, "Urban growth by moves", "迁移带来的城镇人口增长", "Net change of urban usual residents in the month by persons who moved between rural, urban and outside. The only line with which policy may be credited."),
    _i("urban_growth_natural", "person", SUM, NEITHER, "Urban growth by births and deaths", "自然变动带来的城镇人口增长", "Births less deaths of urban usual residents in the month."),
    _i("urban_growth_reclassification", "person", SUM, NEITHER, "Urban growth by relabelling", "区划代码调整带来的城镇人口增长", "Residents of places whose code turned urban in the month; an outside schedule, not policy (E20)."),
    _i("moves_by_origin_destination", "person", SUM, NEITHER, "Moves by origin and destination", "按来源地与目的地分的迁移", "Changes of usual residence in the year by market of origin and market of destination.", dims=("year", "origin", "destination")),
)

_INDEX_PART: Final = "One of five parts of the integration index: min(1, value of residents without local registration / value of locally registered residents of the same towns). "
_INTEGRATION: Final = (
    _i("integration_index", "share", RATE, UP, "Integration index", "融入指数", "Equal mean of five parts (services, insurance, housing, jobs, income), a fraction between 0 and 1. Parts and levels of locals are reported beside it, so that it cannot rise unseen because locals lost.", headline=True, weight="urban_residents_without_hukou"),
    _i("integration_services", "share", RATE, UP, "Integration: services", "融入:公共服务", _INDEX_PART + "Share of service entitlements usable.", weight="urban_residents_without_hukou"),
    _i("integration_insurance", "share", RATE, UP, "Integration: insurance", "融入:社会保险", _INDEX_PART + "Share of employees with worker insurance.", weight="urban_residents_without_hukou"),
    _i("integration_housing", "share", RATE, UP, "Integration: housing", "融入:住房", _INDEX_PART + "Security of tenure and space.", weight="urban_residents_without_hukou"),
    _i("integration_jobs", "share", RATE, UP, "Integration: jobs", "融入:就业", _INDEX_PART + "Share of workers with a contract or twelve months in the job.", weight="urban_residents_without_hukou"),
    _i("integration_income", "share", RATE, UP, "Integration: income", "融入:收入", _INDEX_PART + "Disposable income per head.", weight="urban_residents_without_hukou"),
)

_ECONOMY: Final = (
    _i("urban_rural_income_ratio", "ratio", RATE, DOWN, "Urban-rural income ratio", "城乡居民收入比", "Disposable income per urban usual resident divided by that per rural usual resident (NBS integrated household survey concept), present codes.", headline=True, weight="rural_population"),
    _i("employment_rate", "share", RATE, UP, "Employment rate", "就业率", "Employed usual residents aged 16 and over divided by usual residents aged 16 and over.", weight="population_16plus"),
    _i("labour_intensive_employment_share", "share", RATE, NEITHER, "Labour-intensive jobs", "劳动密集型产业就业占比", "Posts filled in manufacturing, trade, catering and resident services, divided by all posts of local employers. Which industries are labour-intensive is assumed; the plan names none.", weight="local_jobs"),
    _i("labour_intensive_value_share", "share", RATE, NEITHER, "Labour-intensive value added", "劳动密集型产业增加值占比", "Pay of the jobs in the same industries, divided by the pay of all local jobs: compensation stands in for value added.", weight="local_pay"),
    _i("value_added_per_resident", "yuan/person/year", RATE, UP, "Output per resident", "人均产出", "Sales to residents and outside plus public pay in the month, times twelve, divided by usual residents, at the outside pay level of the start: a proxy of value added per head in real terms.", weight="resident_population"),
    _i("price_to_income", "ratio", RATE, DOWN, "Price-to-income ratio", "房价收入比", "Price of a 90 m2 home in the county town divided by the yearly disposable income of an urban household.", headline=True, weight="urban_households"),
    _i("rent_share", "share", RATE, DOWN, "Rent share", "租金收入比", "Rent paid divided by disposable income, summed over tenant households in towns.", weight="tenant_households"),
    _i("vacant_home_share", "share", RATE, DOWN, "Vacant homes", "住房空置率", "Town dwellings not occupied divided by all town dwellings, unsold ones included.", weight="homes"),
)

_SERVICES: Final = tuple(
    _i(
        f"service_load_{key}", "ratio", RATE, DOWN, f"Service load: {en}", f"服务负荷:{zh}",
        f"Users of {en} divided by places ({what}); above 1 is crowded (E17).", weight=f"capacity_{key}",
    )
    for key, en, zh, what in (
        ("school", "compulsory schools", "义务教育学校", "pupils aged 6-14 attending, per seat"),
        ("kindergarten", "kindergartens", "幼儿园", "children aged 3-5 attending, per seat"),
        ("childcare", "childcare", "托育", "children under 3 in need, per place"),
        ("hospital", "hospitals", "医院", "weighted patients, per bed"),
        ("elder_care", "elder care", "养老", "persons in need of care, per bed"),
        ("culture", "culture and sport", "文化体育", "residents, per place"),
    )
) + (
    _i("school_quality_town", "ratio", RATE, UP, "School quality in towns", "城镇学校质量", "What pupils registered in the unit meet in schools of townships and county towns, by crowding of places and staff, 1 at the start; mean over pupils (E17).", weight="pupils_town"),
    _i("school_quality_village", "ratio", RATE, UP, "School quality in villages", "乡村学校质量", "The same for pupils who live in villages, those taught in the county town included (E17).", weight="pupils_village"),
)

_BUDGET: Final = (
    _i("debt_ratio", "ratio", RATE, DOWN, "Debt ratio", "债务率", "Debt of the unit divided by its comprehensive fiscal resources of the last twelve months (general revenue, transfers and land revenue).", headline=True, weight="fiscal_resources"),
    _i("debt_yuan", "yuan", LAST, DOWN, "Debt", "债务余额", "Debt outstanding of the unit's government at the end of the month."),
    _i("interest_to_revenue", "share", RATE, DOWN, "Interest over revenue", "利息支出占财力比", "Interest and returns to investors of the month, as a yearly rate, divided by the comprehensive fiscal resources of the last twelve months.", weight="fiscal_resources"),
    _i("fiscal_self_sufficiency", "share", RATE, UP, "Fiscal self-sufficiency", "财政自给率", "Tax and fees of the month divided by general budget spending of the month, interest and capital included.", weight="fiscal_resources"),
    _i("recurrent_balance", "share", RATE, UP, "Recurrent balance", "经常性收支盈余率", "General revenue of the month (without land revenue) less recurrent spending (pay, operation, assistance, upkeep, interest), divided by that revenue.", weight="fiscal_resources"),
    _i("later_upkeep_yuan", "yuan", LAST, DOWN, "Later upkeep of what was built", "新建资产后续管护支出现值", "Present value, at the bond coupon over the life of public works, of keeping and running what was built beyond the start, whoever pays."),
    _i("county_spending_yuan", "yuan", SUM, NEITHER, "County spending", "县级财政支出", "General budget spending of the unit in the month, interest and capital included."),
    _i("lever_cost_yuan", "yuan", SUM, DOWN, "Cost of levers", "政策成本", "Cost in the month of what levers delivered beyond practice, whoever paid; negative where a cut saves money. Rewards, transfers and bonds to counties are shown in their budgets instead."),
    _i("service_budget_floor_months", "month", SUM, DOWN, "Months below the spending floor", "保基本支出缺口月数", "Months in which wages, basic living and operation could not be paid in full; 1 or 0 in a month."),
)

INDICATORS: Final[tuple[Indicator, ...]] = _PEOPLE + _INTEGRATION + _ECONOMY + _SERVICES + _BUDGET
"""`weight` names the quantity by which counties are averaged to the city where the city's own is not computed."""
