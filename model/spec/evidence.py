"""What stands behind each channel: the equations it acts through, what may turn it round, and who could refute it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How a channel is known.

    equations: labels whose parameters carry its effect. read: what retrieved studies say of it. opposing: the
    effect that may cancel or reverse it. checks: facts outside the model that could refute it.
    """

    equations: tuple[str, ...]
    read: str
    opposing: str
    checks: tuple[str, ...]


CHANNEL_EVIDENCE: Final[dict[str, Evidence]] = {
    "settlement": Evidence(
        equations=("E10",),
        read="Opening small cities had small effects: rural labour -3.4 and city migrants +1.5 points in closed towns "
        "(An and Yan 2024); county towns were mostly open before 2020. Land held lowers the wish to convert and hardly "
        "the wish to stay (CMDS 2015, 2017).",
        opposing="Registration follows residence: easier rules move hukou figures and may leave residence as it was.",
        checks=("A closed town opened in 2014 gains 0 to 5.5 points in four years; the same lever from 2020 in county "
                "towns that were open gives under 1.5 points with zero inside the interval (test 26).",
                "Willing to convert 30-45 %, at least 15 points below willing to stay (test 22)."),
    ),
    "entitlement": Evidence(
        equations=("E6", "E10"),
        read="Freer school entry raises moves of parents and children (Huang 2022). Nine in ten migrant children are "
        "in public compulsory schools (NBS 2023). No elasticity was published for county towns.",
        opposing="Equal access takes away a reason to convert, and newcomers share queues with locals.",
        checks=("Equal access must raise residents and lower the motive to convert.",),
    ),
    "services": Evidence(
        equations=("E6", "E17"),
        read="One per cent more amenity gives 0.17 % higher odds of a choice; every service effect is below the wage "
        "effect (CLDS 2016; Xia and Lu 2015). No readable source for childcare or hospital upgrades.",
        opposing="Town schools drain village schools; better rural elder care lets adult children leave.",
        checks=("Pupils in towns lead residents by 14-19 points (test 16).",
                "Closing a tenth of village schools moves those families and hardly anybody else (test 17).",
                "Rural elder support raises moves of working-age children (test 32)."),
    ),
    "housing": Evidence(
        equations=("E5", "E9", "E15", "E16"),
        read="Home owners settle more, and public rental raises the wish to stay (CMDS; Wang et al. 2022). Supply "
        "elasticity 0.5 to 1.1 (272-city study; Chow and Niu 2015). Occupancy of flats bought by villagers was not read.",
        opposing="Building where homes stand empty lowers prices and land revenue; affordable rental crowds out letting; "
        "a bed brings a worker and no family.",
        checks=("Purchases must not raise resident urbanization one for one (test 19).",),
    ),
    "land": Evidence(
        equations=("E8", "E16"),
        read="Land insecurity once kept many on farms; titling was done by 2020 (Adamopoulos et al. 2024). Of two "
        "Shanxi villages 37 % would give a homestead up for pay and 74 % lease it (Li and Guo 2020): stated, not done.",
        opposing="Paid exit helps those who have left already; richer villagers may stay.",
        checks=(),
    ),
    "infrastructure": Evidence(
        equations=("E6", "E17"),
        read="Public works enter only through the amenity of places; no study of county towns gives the size.",
        opposing="What is built must be kept up; unfunded upkeep lets it decay.",
        checks=(),
    ),
    "travel": Evidence(
        equations=("E2", "E21"),
        read="Ten per cent farther needs fifteen per cent more income (Zhang and Zhao 2013). Highways strengthened "
        "existing centres (Bosker, Deichmann and Roberts 2018).",
        opposing="Roads run both ways: larger cities come nearer, and commuting replaces moving.",
        checks=("Choices on log income and log distance give a ratio of -1.2 to -1.8 (test 12).",),
    ),
    "jobs": Evidence(
        equations=("E14", "E22"),
        read="Local service jobs per manufacturing job: 0.62 in 2000-10, none in 2010-20 (Cheng 2025); later zones "
        "gained less and moved jobs about (Wang 2013; Lu, Wang and Zhu 2019). Higher contributions cut enrolment "
        "(Tian et al. 2021).",
        opposing="Planned posts fail or displace others; insurance lowers hiring or take-home pay.",
        checks=("A thousand low-tech jobs in a county bring 200 fewer to 600 more service jobs (test 30).",),
    ),
    "matching": Evidence(
        equations=("E4", "E13"),
        read="Gains from training are small or nil once ability is held (Zhao and Geng 2020; a Jilin study). Nothing "
        "was read on platforms.",
        opposing="Better matching and skill also help people to leave.",
        checks=(),
    ),
    "income": Evidence(
        equations=("E4", "E8"),
        read="One per cent more land return lowers the chance to stay in town by 0.7 points in a cross-section "
        "(Yan and Li 2021), which overstates a cause.",
        opposing="Income at home keeps people at home, or pays for leaving.",
        checks=("A parent's pension raises migration of adult children (test 32).",),
    ),
    "consumption": Evidence(
        equations=("E14",),
        read="No source on how much spending leaks from county towns or how shops change that.",
        opposing="Cheaper parcels take spending out of the county.",
        checks=(),
    ),
    "village": Evidence(
        equations=("E6", "E17"),
        read="No measured effect of village upgrades on moves was read.",
        opposing="Better villages mean fewer moves to town.",
        checks=(),
    ),
    "budget": Evidence(
        equations=("E18",),
        read="Published accounts of each county; the citizenization reward is recalled at about 3,000 yuan a head, and "
        "the cost of a settled resident at 16,859 yuan of 2012 (Du and Cai 2014).",
        opposing="Debt is served before services; upkeep and interest come later.",
        checks=("A pilot-sized package of plans and small funds gives -0.3 to +0.5 point a year (test 28).",),
    ),
    "information": Evidence(
        equations=("E23",),
        read="No survey of who knows the rules was read.",
        opposing="None known; knowledge only speeds what the rules allow.",
        checks=("A measure announced and not delivered changes nothing.",),
    ),
}
"""One row per channel of `model.spec.states.CHANNELS`."""
