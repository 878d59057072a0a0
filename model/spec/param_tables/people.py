"""Births, deaths, marriages and schooling (E19). Assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.common import assumed as _p
from model.spec.types import Param

PEOPLE: Final[tuple[Param, ...]] = (
    _p("stock_years_town", "year", 18.0, 8.0, 40.0, "E20", "accounting", "years in which residents of towns registered in villages of their county double; gives yearly flows where one census is known", "本县农村户籍城镇常住人口翻一番所需年数(仅有一次普查时推算年流量)", "assumed: chosen on 2010-2020 in the first prefecture; movers within provinces doubled in 2000-2010 in the nation (66.6 to 135.2 million, migration.csv), but part of them move between towns"),
    _p("stock_years_away", "year", 10.0, 5.0, 20.0, "E20", "accounting", "years in which registered persons who live in other counties or outside double; gives yearly flows where one census is known", "外出户籍人口翻一番所需年数(仅有一次普查时推算年流量)", "assumed: movers between provinces doubled in 2000-2010 in the nation (42.4 to 85.9 million, migration.csv); read by starts that know one census"),
    _p("fertility_trend_year", "1/year", -0.026, -0.08, 0.0, "E19", "demography", "yearly change of the log of fertility rates from 2020 on", "2020年起生育率对数的年变化", "assumed: crude birth rate of the province fell from 10.47 (2011) to 8.26 (2020) per 1,000, -0.026 a year; not fitted to births after 2020"),
    _p("marriage_peak_year", "1/year", 0.22, 0.15, 0.3, "E19", "demography", "chance that an unmarried woman of 25-29 marries within a year", "25—29岁未婚女性一年内结婚的概率", "assumed: gives about half of women married by 26, as in recent cohorts"),
    _p("wedding_season", "ratio", 1.6, 1.2, 2.0, "E19", "demography", "weddings a month in months 10 to 2 against the mean month", "10月至次年2月每月婚礼数与月均之比", "assumed: weddings gather before and after the Spring Festival"),
    _p("marriage_join_parents", "share", 0.4, 0.2, 0.6, "E19", "demography", "couples who live with the groom's parents at first", "婚后先与男方父母同住的比例", "assumed: three-generation households of the census against households of couples"),
    _p("wedding_gift_share", "share", 0.6, 0.3, 0.8, "E9", "housing", "share of the groom's family savings that goes to a couple with a home of its own", "男方家庭储蓄给予新婚小家庭的比例", "assumed: savings + parents of E9, made explicit"),
    _p("leave_home_year", "1/year", 0.04, 0.02, 0.08, "E19", "demography", "chance that an adult of 22-34 who lives with parents opens a home of their own within a year, weddings apart", "22—34岁与父母同住者一年内另立门户的概率(不含婚嫁)", "assumed: keeps household size falling as between the censuses"),
    _p("p_senior", "share", 0.92, 0.85, 0.97, "E19", "demography", "junior pupils who go on to senior or vocational school", "初中升入高中阶段的比例", "assumed: national gross enrolment at senior level 91-92 % (recalled)"),
    _p("p_college", "share", 0.5, 0.35, 0.65, "E19", "demography", "rural-registered senior pupils who go on to college", "农村户籍高中阶段毕业生升入大学的比例", "assumed: national gross enrolment at tertiary level 54-60 % (recalled), less in the countryside"),
    _p("college_urban_ratio", "ratio", 1.25, 1.0, 1.6, "E19", "demography", "college entry of urban-registered pupils against rural-registered ones", "城镇户籍与农村户籍升学比例之比", "assumed"),
    _p("p_bachelor", "share", 0.45, 0.35, 0.55, "E19", "demography", "college entrants in four-year courses", "升学者中本科的比例", "assumed: national intake recalled"),
    _p("college_core_share", "share", 0.12, 0.05, 0.25, "E19", "demography", "college entrants who study in the core of the prefecture", "在本市中心城区就读的大学生比例", "assumed: the core has a few colleges"),
    _p("college_province_share", "share", 0.6, 0.45, 0.75, "E19", "demography", "college entrants who study elsewhere in the province", "在省内其他地区就读的大学生比例", "assumed: most places are given out by province"),
    _p("care_need_60_year", "1/year", 0.008, 0.004, 0.015, "E19", "demography", "chance that a person of 60 comes to need daily care within a year", "60岁者一年内出现日常照护需要的概率", "assumed: gives about one in eight of those over 60 in need, near the surveys' share of disabled elders (recalled)"),
    _p("care_need_double_years", "year", 7.0, 5.5, 9.0, "E19", "demography", "years of age in which that chance doubles", "上述概率翻倍所需的年龄年数", "assumed: near the doubling of death rates with age"),
    _p("kin_start_share", "share", 0.6, 0.4, 0.8, "E1", "demography", "families at the start whose oldest member is 22 to 49 that have parents in another household of the same home place", "期初最年长者22—49岁的家庭中父母另住同村镇的比例", "assumed: the census does not link households"),
)
