"""Every state column of people, households, places and markets: type, unit, range, meaning."""

from __future__ import annotations

from typing import Final

from model.spec.types import Column, Text


def _columns(table: str, rows: list[tuple[str, str, str, float, float, float | None, str, str]]) -> tuple[Column, ...]:
    return tuple(
        Column(table=table, key=k, dtype=d, unit=u, low=lo, high=hi, missing=m, text=Text(en=en, zh=zh))
        for k, d, u, lo, hi, m, en, zh in rows
    )


RESIDENTS: Final = _columns("residents", [
    ("uid", "uint64", "id", 1, 2**64 - 1, 0, "stable id of the person", "个人稳定编号"),
    ("birth", "int16", "month", -1500, 200, None, "month of birth, month 0 is the start month", "出生月(起始月为0)"),
    ("sex", "uint8", "code", 0, 1, None, "0 man, 1 woman", "性别(0男1女)"),
    ("education", "uint8", "code", 0, 6, None, "schooling level (Education)", "受教育程度"),
    ("household", "int32", "row", 0, 2**31 - 1, -1, "row of the household", "所属家庭"),
    ("next", "int32", "row", 0, 2**31 - 1, -1, "next member of the household, -1 at the end", "下一位家庭成员"),
    ("place", "int16", "place", 0, 32767, None, "where the person lives now", "现居地"),
    ("usual", "int16", "place", 0, 32767, None, "usual residence by the six-month rule", "常住地(半年口径)"),
    ("since", "int16", "month", -1500, 200, None, "month of arrival at the present place", "到现居地的月份"),
    ("hukou", "int16", "place", 0, 32767, None, "place of household registration", "户口登记地"),
    ("activity", "uint8", "code", 0, 5, None, "main activity (Activity)", "主要活动"),
    ("sector", "uint8", "code", 0, 18, 255, "industry of the job (Sector), 255 none", "行业"),
    ("job_market", "uint8", "market", 0, 254, 255, "market of the job, 255 none", "工作地市场"),
    ("wage_yuan", "int32", "yuan/month", 0, 200_000, 0, "gross monthly pay, 0 without a job", "月工资"),
    ("job_since", "int16", "month", -1500, 200, None, "month the job started", "就业起始月"),
    ("flags", "uint16", "bits", 0, 65535, None, "yes/no facts (Flag)", "标志位"),
])

HOUSEHOLDS: Final = _columns("households", [
    ("uid", "uint64", "id", 1, 2**64 - 1, 0, "stable id of the household", "家庭稳定编号"),
    ("head", "int32", "row", 0, 2**31 - 1, -1, "first member, -1 when empty", "第一位成员"),
    ("size", "uint8", "persons", 0, 255, None, "members, including those living apart", "成员数"),
    ("origin", "int16", "place", 0, 32767, None, "home place: village, town or outside", "原籍地"),
    ("place", "int16", "place", 0, 32767, None, "where the main body lives", "主要居住地"),
    ("split_place", "int16", "place", 0, 32767, -1, "where members living apart live, -1 none", "分居地"),
    ("config", "uint8", "code", 0, 4, None, "living arrangement (Config)", "居住组合"),
    ("tenure", "uint8", "code", 0, 5, None, "tenure of the main dwelling (Tenure)", "住房来源"),
    ("split_tenure", "uint8", "code", 0, 5, None, "tenure of the dwelling apart (Tenure)", "分居住房来源"),
    ("owns", "int16", "place", 0, 32767, -1, "place of a purchased town home, -1 none", "所购住房所在地"),
    ("homestead", "uint8", "code", 0, 4, None, "village house plot (Homestead)", "宅基地状态"),
    ("land_mu", "float32", "mu", 0, 500, None, "contracted farm land", "承包地(亩)"),
    ("savings_fen", "int64", "fen", -(2**62), 2**62, None, "financial savings", "储蓄(分)"),
    ("debt_fen", "int64", "fen", 0, 2**62, None, "mortgage outstanding", "房贷余额(分)"),
    ("income_yuan", "int32", "yuan/month", 0, 10_000_000, None, "disposable income last month", "上月可支配收入"),
    ("since", "int16", "month", -1500, 200, None, "month of the last move", "最近迁移月"),
    ("events", "uint16", "bits", 0, 65535, None, "events read by the triggers this month (Event)", "本月事件"),
    ("events_next", "uint16", "bits", 0, 65535, None, "events raised this month, read next month", "下月事件"),
    ("collective", "uint8", "code", 0, 1, None, "1 for a collective household", "集体户"),
    ("kin_uid", "uint64", "id", 1, 2**64 - 1, 0, "household of the parents, 0 unknown", "父母所在家庭编号"),
    ("kin_elder", "uint8", "code", 0, 1, None, "1 where those parents have a member of 60 or over (yearly)", "父母家中有60岁及以上成员"),
    ("back_place", "int16", "place", 0, 32767, -1, "where members on leave at home go back to, -1 none", "返家暂住成员的外出地"),
    ("back_config", "uint8", "code", 0, 4, None, "living arrangement to go back to (Config)", "返回外出地后的居住组合"),
    ("back_month", "int16", "month", -1500, 200, None, "month in which they go back", "返回外出地月份"),
    ("back_since", "int16", "month", -1500, 200, None, "month of their first arrival there", "最初到外出地月份"),
])

PLACES: Final = _columns("places", [
    ("unit", "int16", "unit", 0, 32767, -1, "county or district row, -1 outside", "县区"),
    ("kind", "uint8", "code", 0, 4, None, "kind of place (Kind)", "类型"),
    ("market", "int16", "market", 0, 254, None, "labour, housing and service market", "所属市场"),
    ("urban", "uint8", "code", 0, 1, None, "coded urban now", "现城镇代码"),
    ("urban_frozen", "uint8", "code", 0, 1, None, "coded urban at the start", "期初城镇代码"),
    ("lat", "float64", "degree", -90, 90, None, "latitude", "纬度"),
    ("lon", "float64", "degree", -180, 180, None, "longitude", "经度"),
    ("relabel_order", "int16", "rank", 0, 32767, -1, "rank by closeness to the seat, for reclassification", "划转次序"),
])

MARKETS: Final = _columns("markets", [
    ("unit", "int16", "unit", 0, 32767, -1, "county or district row, -1 outside", "县区"),
    ("kind", "uint8", "code", 0, 4, None, "kind of place (Kind)", "类型"),
    ("ring", "uint8", "code", 0, 3, None, "1 prefecture, 2 province, 3 beyond; own county is 0 and depends on the decider", "圈层"),
    ("p_job", "float64", "share", 0, 1, None, "chance that a member of the labour force has a job", "就业机会"),
    ("jobs_filled", "int64", "jobs", 0, 2**40, None, "employed persons by place of work", "在岗人数"),
    ("jobs_open", "int64", "jobs", 0, 2**40, None, "vacancies", "空缺岗位"),
    ("seekers", "int64", "persons", 0, 2**40, None, "unemployed persons looking for work here", "求职人数"),
    ("rent_yuan_m2", "float64", "yuan/m2/month", 0, 500, None, "market rent", "月租金"),
    ("room_rent_yuan_m2", "float64", "yuan/m2/month", 0, 500, None, "rent of a simple room", "简易房间月租金"),
    ("price_yuan_m2", "float64", "yuan/m2", 0, 200_000, None, "home price", "房价"),
    ("price_growth_year", "float64", "per year", -1, 1, None, "expected yearly price growth (adaptive)", "房价预期年增速"),
    ("homes", "int64", "dwellings", 0, 2**40, None, "stock of market dwellings", "住房存量"),
    ("homes_occupied", "int64", "dwellings", 0, 2**40, None, "occupied market dwellings", "有人居住住房"),
    ("homes_unsold", "int64", "dwellings", 0, 2**40, None, "new dwellings for sale", "待售新房"),
    ("homes_withheld", "int64", "dwellings", 0, 2**40, None, "dwellings of absent owners that are not let", "外出业主空置且不出租住房"),
    ("homes_unfinished", "int64", "dwellings", 0, 2**40, None, "dwellings on which work has stopped", "停工未完住房"),
    ("homes_sold_month", "int64", "dwellings", 0, 2**40, None, "dwellings sold last month", "上月销售"),
    ("rooms", "int64", "dwellings", 0, 2**40, None, "cheap rooms to let", "廉价出租房间"),
    ("rooms_used", "int64", "dwellings", 0, 2**40, None, "cheap rooms let", "已租廉价房间"),
    ("public_rental", "int64", "dwellings", 0, 2**40, None, "affordable rental dwellings", "保障性租赁住房"),
    ("public_rental_used", "int64", "dwellings", 0, 2**40, None, "affordable rental dwellings let", "已租保障房"),
    ("dorm_beds", "int64", "beds", 0, 2**40, None, "dormitory beds", "宿舍床位"),
    ("dorm_used", "int64", "beds", 0, 2**40, None, "dormitory beds used", "已用床位"),
    ("amenity", "float64", "index", 0.05, 5, None, "infrastructure coverage, 1 at the start", "基础设施指数"),
])
