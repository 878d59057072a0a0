"""The economy of month 0: firms, pay, posts, chances of work, household incomes, and the opening of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.jit import kernel
from model.kernels.jobs import FARM_SEARCH_MONTHS, personal_factor, searches_on_job, skill_of
from model.kernels.posts import firm_counts, home_counts, shares_of_work
from model.kernels.rng import Stream, uniform
from model.kernels.rows import count_rows, over_rows
from model.kernels.segments import share_of
from model.phases.cash import household_sums
from model.phases.entry import start_firms
from model.phases.farming import start_farming
from model.phases.firms import rounding_points, see_pay
from model.phases.matching import SHRINK_PERSONS, count, reach
from model.phases.resident_insurance import start_resident_insurance
from model.phases.skills import start_labour_force
from model.spec.codes import N_SECTORS, N_SKILLS, Activity, Flag, Sector
from model.state.firms import N_SIZES, Size, make_firms
from model.world.accounts import start_accounts, start_budgets
from model.world.pay import SECTOR_PAY

if TYPE_CHECKING:
    from model.state.world import World

INSURANCE: Final = Stream.INSURANCE
SLOT_PENSION: Final = 8
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
RETIRED, INACTIVE = int(Activity.RETIRED), int(Activity.INACTIVE)
PENSION_WOMEN: Final = 50 * 12
"""Women in worker insurance may retire at 50."""
INSURED, CONTRACT = int(Flag.INSURED), int(Flag.CONTRACT)
FARMING: Final = int(Sector.FARMING)
FIT_ROUNDS: Final = 6
LEAST_WEIGHT: Final = 50.0
"""Yuan a month by which mean rural income rises at least with farm earnings, so that the fit stays calm."""
PAY_LIMITS: Final = (0.7, 1.4)
"""Market pay may be moved this far from published wages to meet published incomes."""
VILLAGE_LIMITS: Final = (0.7, 1.15)
"""Market pay in villages may be moved this far from the published level times pay_rural_ratio."""
FARM_SHARE: Final = 0.2
FARM_LIMITS: Final = (0.05, 0.6)
"""What a farmer's own work earns beside the land, as a share of market pay in the village: start and limits."""
SMOOTH: Final = 1.0
THIN_JOBS: Final = 100.0
"""Jobs by which the start rate of a small market is drawn to the mean."""
SEPARATION_LIMIT: Final = 1.5
"""Jobs of a market end at most at this multiple of sep_rate_month."""
DAMPING, VILLAGE_DAMPING = 0.9, 1.5


def start_economy(world: World, budgets: bool = True) -> None:
    """Set firms, pay, posts, markets' chances of work, household incomes and every public account.

    Pay starts from published wages by unit and the pay ratios of skills, and is moved within limits, as is what
    farm work earns, until mean income per urban and per rural resident meets the published figures of the unit.
    Vacancies start at `theta_start` per applicant; jobs of each market end at the rate that keeps month 0 in balance,
    at most 1.5 times `sep_rate_month`.

    **Reads** the prefecture's state, residents, households, markets (rents). **Writes** firms, panels.wage_yuan,
    residents.wage_yuan and flags (worker pensions), markets (jobs, p_job), accounts, ledger.
    """
    world.firms = make_firms(world.markets.unit[: 3 * world.n_units])
    world.firms.wage_factor[: world.firms.n] = np.where(
        world.firms.size[: world.firms.n] == Size.SMALL, world.p.pay_small_firm, world.p.pay_established_firm
    )
    start_resident_insurance(world)
    start_pensions(world)
    start_accounts(world)
    start_farming(world)
    start_labour_force(world)
    world.accounts["paid_wage_yuan"] = published_pay(world)
    world.accounts["farm_wage_yuan"] = FARM_SHARE * rural_pay(world)
    start_counts(world)
    fit_pay(world)
    start_posts(world)
    if budgets:
        start_budgets(world)
        start_money(world)


def published_pay(world: World) -> np.ndarray:
    """Market pay by skill before any fitting, yuan a month, float64[M, 3]."""
    pre, p, units = world.prefecture, world.p, world.n_units
    pay = np.empty((world.markets.n, N_SKILLS))
    place = (p.pay_rural_ratio, p.pay_town_ratio, 1.0)
    for s, level in enumerate(("low", "mid", "high")):
        factor = pre.scalars[f"wage_factor_{level}"]
        for k in range(3):
            pay[k : 3 * units : 3, s] = pre.state["wage_month_yuan"] * factor * place[k]
        pay[3 * units :, s] = pre.outside_array("wage_month_yuan") * pre.outside_array(f"wage_factor_{level}")
    return pay


def rural_pay(world: World) -> np.ndarray:
    """Market pay in villages, float64[U, 3]."""
    return world.accounts["paid_wage_yuan"][0 : 3 * world.n_units : 3]


def start_pensions(world: World) -> None:
    """Mark retired people, and women of 50 and over out of work, who draw a worker pension: a draw by registration."""
    people, places, p = world.residents, world.places, world.p
    over_rows(
        _mark_pensions, people.n, world.seed, people.activity, people.birth, people.sex, people.flags, people.uid,
        people.hukou, places.urban, p.pension_urban_share, p.pension_rural_share,
    )


@kernel
def _mark_pensions(start, stop, seed, activity, birth, sex, flags, uid, hukou, urban, urban_share, rural_share):
    for i in range(start, stop):
        early = activity[i] == INACTIVE and sex[i] == 1 and -birth[i] >= PENSION_WOMEN
        if activity[i] == RETIRED or early:
            chance = urban_share if urban[hukou[i]] else rural_share
            if uniform(seed, INSURANCE, uid[i], 0, SLOT_PENSION) < chance:
                flags[i] |= INSURED
                activity[i] = RETIRED


def start_counts(world: World) -> None:
    """Posts filled, insured shares, the mix of skills of industries and of the labour force."""
    a, table = world.accounts, world.firms
    counts, n = count(world), table.n
    filled, insured, workers = firm_counts(counts, table.n_markets, world.markets.n)
    working, jobless, farmers = home_counts(counts, world.markets.n)
    table.jobs_filled[:n], a["insured_jobs"] = filled, insured
    a["insured_by_registration"] = insured_by_registration(world)
    mean = share_of(insured.reshape(-1, N_SIZES).sum(axis=0), filled.reshape(-1, N_SIZES).sum(axis=0))
    a["insured_start"] = share_of(insured + SMOOTH * mean[table.size[:n]], filled + SMOOTH)
    table.insured_share[:n] = a["insured_start"]
    local = table.n_markets
    force = (working[:local] + jobless[:local]).sum(axis=0) + SMOOTH
    a["skill_start"] = a["skill_share"] = force / force.sum()
    people = world.residents
    shape = (N_SECTORS, N_SKILLS)
    by_skill = count_rows(sector_skills, people.n, shape, people.activity, people.sector, people.education) + SMOOTH
    a["sector_skill"] = by_skill / by_skill.sum(axis=1, keepdims=True)
    world.markets.jobs_filled[: world.markets.n] = workers
    world.markets.p_job[: world.markets.n], a["farm_share"], _ = shares_of_work(
        working, jobless, farmers, local, world.p.outside_p_job, SHRINK_PERSONS
    )


def insured_by_registration(world: World) -> np.ndarray:
    """Insured share of employees registered in villages and in towns, over that of all: float64[2]."""
    people = world.residents
    counts = count_rows(
        _insured, people.n, (2, 2), people.activity, people.sector, people.flags, people.hukou, world.places.urban
    )
    mean = float(share_of(counts[:, 1].sum(), counts[:, 0].sum(), empty=1.0))
    return share_of(share_of(counts[:, 1], counts[:, 0], empty=mean), mean, empty=1.0)


@kernel
def _insured(start, stop, out, activity, sector, flags, hukou, urban):
    """Employees outside farming, and those insured, by urban code of registration: int64[2, 2]."""
    for i in range(start, stop):
        if activity[i] == EMPLOYED and sector[i] != FARMING:
            out[urban[hukou[i]], 0] += 1
            out[urban[hukou[i]], 1] += (flags[i] & INSURED) != 0


@kernel
def sector_skills(start, stop, out, activity, sector, education):
    """People at work by industry and skill, int64[19, 3]."""
    for i in range(start, stop):
        if activity[i] == EMPLOYED:
            out[sector[i], skill_of(education[i])] += 1


def personal_pay(world: World) -> np.ndarray:
    """What everybody at work earns over market pay, float64[n]; known of those who were asked for before."""
    people, out = world.residents, np.zeros(world.residents.n)
    if "personal_pay" in world.kept:
        known = world.kept.pop("personal_pay")
        out[: known.size] = known
    over_rows(_personal_pay, people.n, out, world.seed, people.activity, people.uid, world.p.wage_spread)
    return out


@kernel
def _personal_pay(start, stop, out, seed, activity, uid, spread):
    for i in range(start, stop):
        if activity[i] == EMPLOYED and out[i] == 0.0:
            out[i] = personal_factor(seed, uid[i], spread)


def give_pay(world: World, personal: np.ndarray) -> None:
    """Pay of everybody at work, from market, industry, firm and person (`personal_pay`)."""
    people, a, table = world.residents, world.accounts, world.firms
    over_rows(
        _give_pay, people.n, personal, people.activity, people.sector, people.job_market, people.flags,
        people.education, people.wage_yuan, a["paid_wage_yuan"], a["farm_wage_yuan"], SECTOR_PAY, table.wage_factor,
        table.n_markets,
    )


@kernel
def _give_pay(
    start, stop, personal, activity, sector, job_market, flags, education, wage, market_wage, farm_wage, sector_pay,
    firm_pay, local,
):
    for i in range(start, stop):
        if activity[i] != EMPLOYED:
            wage[i] = 0
            continue
        s, m = skill_of(education[i]), int(job_market[i])
        if sector[i] == FARMING and m < local:
            pay = farm_wage[m // 3, s]
        elif m < local:
            row = (m * N_SECTORS + sector[i]) * N_SIZES + ((flags[i] & CONTRACT) != 0)
            pay = market_wage[m, s] * sector_pay[sector[i]] * firm_pay[row]
        else:
            pay = market_wage[m, s]
        wage[i] = max(1, int(pay * personal[i]))


def fit_pay(world: World) -> None:
    """Move market pay and farm earnings of each unit towards published incomes per head, within limits."""
    a, p, state = world.accounts, world.p, world.prefecture.state
    first, units = a["paid_wage_yuan"].copy(), world.n_units
    town = state["income_urban_pc_yuan"] * (1.0 - p.income_not_cash_urban) / 12.0
    village = state["income_rural_pc_yuan"] * (1.0 - p.income_not_cash_rural) / 12.0
    factor, country, farm = np.ones(units), np.ones(units), np.full(units, FARM_SHARE)
    personal, farmers = personal_pay(world), farmers_share(world)
    for _ in range(FIT_ROUNDS):
        a["paid_wage_yuan"][: 3 * units] = first[: 3 * units] * np.repeat(factor, 3)[:, None]
        rural_pay(world)[:] *= country[:, None]
        a["farm_wage_yuan"] = farm[:, None] * rural_pay(world)
        give_pay(world, personal)
        household_sums(world, 0, keep=False)
        rural, urban = mean_incomes(world)
        factor = np.clip(factor * (town / urban) ** DAMPING, *PAY_LIMITS)
        country = np.clip(country * (village / rural) ** VILLAGE_DAMPING, *VILLAGE_LIMITS)
        # Rise of mean rural income when farm work earns the whole of village pay.
        weight = np.maximum(farmers * rural_pay(world)[:, 0], LEAST_WEIGHT)
        farm = np.clip(farm + (village - rural) / weight, *FARM_LIMITS)
    a["income_fit"] = np.stack([rural / village, urban / town])
    see_pay(world)
    a["paid_wage_start"] = a["paid_wage_yuan"].copy()
    a["wage_seen_start"] = world.panels.wage_yuan.mean(axis=1)


def mean_incomes(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Monthly income per rural and per urban usual resident by unit, yuan, float64[U] each."""
    people, homes, places = world.residents, world.households, world.places
    sums = count_rows(
        income_sums, people.n, (2, world.n_units, 2), people.household, people.usual, places.unit, places.urban,
        homes.size, homes.income_yuan,
    )
    mean = share_of(sums[1], sums[0], empty=1.0)
    return mean[:, 0], mean[:, 1]


@kernel
def income_sums(start, stop, out, household, usual, place_unit, urban, size, income_yuan):
    """Usual residents and the sum of their income per member, by unit and rural or urban: int64[2, U, 2]."""
    for i in range(start, stop):
        h, u = household[i], place_unit[usual[i]]
        if h >= 0 and u >= 0:
            code = urban[usual[i]]
            out[0, u, code] += 1
            out[1, u, code] += income_yuan[h] // size[h]


def farmers_share(world: World) -> np.ndarray:
    """People at work on farms over rural residents by unit of usual residence, float64[U]."""
    people, places = world.residents, world.places
    counts = count_rows(
        _farmers, people.n, (2, world.n_units), people.household, people.usual, people.activity, people.sector,
        places.unit, places.urban,
    )
    return share_of(counts[0], counts[1])


@kernel
def _farmers(start, stop, out, household, usual, activity, sector, place_unit, urban):
    """Farmers and rural residents by unit, int64[2, U]."""
    for i in range(start, stop):
        u = place_unit[usual[i]]
        if household[i] >= 0 and u >= 0:
            out[0, u] += activity[i] == EMPLOYED and sector[i] == FARMING
            out[1, u] += urban[usual[i]] == 0


def start_posts(world: World) -> None:
    """Vacancies, posts, tightness and the rate at which jobs end."""
    a, table, p, markets = world.accounts, world.firms, world.p, world.markets
    local, n = table.n_markets, table.n
    applicants, all_ = expected_applicants(world)
    filled = table.by_market(table.jobs_filled).astype(np.float64)
    vacant = p.theta_start * all_
    share = share_of(vacant, filled)
    table.base_posts[:n] = table.jobs_filled[:n] * (1.0 + share[table.market[:n]])
    table.posts[:n] = a["posts_start"] = table.base_posts[:n].copy()
    start_firms(world)
    a["rounding"] = rounding_points(world)
    table.jobs_wanted[:n] = np.floor(table.posts[:n] + a["rounding"])
    table.alive[:n] = table.jobs_wanted[:n] > 0
    markets.seekers[:local] = np.round(all_)
    markets.jobs_open[:local] = np.maximum(0, table.by_market(table.jobs_wanted - table.jobs_filled))
    # Those who lose a job search in the same month: hires = find * (applicants + leavers) must equal leavers.
    odds = p.find_rate_month / max(1.0 - p.find_rate_month, 1e-9)
    mean = float(share_of(applicants.sum(), filled.sum()))
    leaving = odds * share_of(applicants + THIN_JOBS * mean, filled + THIN_JOBS)
    a["separation_month"] = np.minimum(leaving, SEPARATION_LIMIT * p.sep_rate_month)
    a["contract_factor"] = contract_factor(world)


def contract_factor(world: World) -> np.ndarray:
    """Rate at which jobs of a cell end over that of its market, float64[n]: jobs with contracts last longer."""
    table, ratio = world.firms, world.p.contract_separation
    by_size = table.jobs_filled[: table.n].reshape(table.n_markets, -1, N_SIZES).sum(axis=1)
    contracts = share_of(by_size[:, Size.ESTABLISHED], by_size.sum(axis=1), empty=0.5)
    plain = 1.0 / (1.0 - (1.0 - ratio) * contracts)
    factor = np.stack([plain, ratio * plain], axis=1)
    return factor[table.market[: table.n], table.size[: table.n]]


def expected_applicants(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Expected applicants by market when posts are in proportion to jobs: from without work or from farms, and all
    with those who search on the job; float64[3 U] each."""
    table = world.firms
    local = table.n_markets
    jobs = table.by_market(table.jobs_filled).astype(np.float64)
    counts, market, weight = reach(world)
    people, places, p = world.residents, world.places, world.p
    jobless, farmers, workers = count_rows(
        _seekers_by_place, people.n, (3, places.n), people.place, people.activity, people.sector, people.birth,
        people.flags, people.job_market, local,
    )
    inside = np.arange(market.shape[1])[None, :] < counts[:, None]
    pull = np.where(inside, (jobs[market] + 0.5) / weight, 0.0)
    share = share_of(pull, pull.sum(axis=1)[:, None])
    idle = jobless + p.farm_search_month * farmers
    out = np.zeros((2, local))
    np.add.at(out[0], market, share * idle[:, None])
    np.add.at(out[1], market, share * (idle + p.search_on_job_month * workers)[:, None])
    return out[0], out[1]


@kernel
def _seekers_by_place(start, stop, out, place, activity, sector, birth, flags, job_market, local):
    """Jobless people, farmers and employees who may look for work, int64[3, P]."""
    for i in range(start, stop):
        if activity[i] == UNEMPLOYED:
            out[0, place[i]] += 1
        elif activity[i] == EMPLOYED and sector[i] == FARMING and -birth[i] < FARM_SEARCH_MONTHS:
            out[1, place[i]] += 1
        elif searches_on_job(0, birth[i], activity[i], sector[i], job_market[i], flags[i], local):
            out[2, place[i]] += 1


def start_money(world: World) -> None:
    """What households own and counties owe, opened against banks."""
    ledger, homes, places, a = world.ledger, world.households, world.places, world.accounts
    unit = places.unit[homes.place[: homes.n]]
    here = (homes.head[: homes.n] >= 0) & (unit >= 0)
    net = np.zeros(world.n_units, np.int64)
    np.add.at(net, unit[here], homes.savings_fen[: homes.n][here] - homes.debt_fen[: homes.n][here])
    banks = np.full(world.n_units, ledger.account("banks"))
    ledger.settle("opening", "opening_debt", banks, ledger.accounts("households"), net)
    ledger.settle("opening", "opening_debt", banks, ledger.accounts("county"), a["tax_fen"])
    ledger.settle("opening", "opening_debt", banks, ledger.accounts("fund"), -a["debt_fen"])
    ledger.settle("opening", "opening_debt", banks, ledger.accounts("firms"), -a["public_pay_fen"])
    ledger.new_month()

