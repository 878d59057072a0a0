"""Place constants (xi of E2): found once from flows before the start, kept in the prefecture's folder, frozen.

The constants make the net flow of the first two simulated years equal the mean yearly net flow between the last two
censuses, by home unit and destination: first in closed form for month 0, then by living those months. Nothing that was
observed after the census enters, and no lever and no scenario may move them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.choice import CHILD, COLUMNS, FROM_TOWN, MAX_ALTERNATIVES, WHOLE, WORKER, utilities
from model.kernels.family import read_family, read_home
from model.kernels.jit import kernel
from model.kernels.nested import nested_probabilities
from model.phases.choice_tables import choice_params, choice_tables, month_shocks
from model.phases.triggers import _hazards, trigger_tables
from model.world.fitted import fitted_constants
from model.world.flows import PARTS, one_census, target_flows, urban_inflow
from model.world.places import RING_BEYOND

if TYPE_CHECKING:
    from model.spec.params import Params
    from model.state.world import World
    from model.world.places import Geography
    from model.world.tables import Prefecture

FILE: Final = "place_constants.csv"
ROUNDS: Final = 40
STEP: Final = 0.7
LIMIT: Final = 25.0
FLOOR_SHARE_YEAR: Final = 2e-5
PLAIN_MONTH: Final = 5
REFINE_MONTHS: Final = 24
REFINE_ROUNDS: Final = 14
REFINE_STEP: Final = 0.6


def market_keys(prefecture: Prefecture) -> tuple[str, ...]:
    """Stable names of markets: unit.rural, unit.town, unit.seat, then the outside places."""
    inside = [f"{u}.{kind}" for u in prefecture.units for kind in ("rural", "town", "seat")]
    return (*inside, *prefecture.outside_keys)


def constants_path(prefecture: Prefecture) -> Path:
    """Where the prefecture's constants lie."""
    return prefecture.root / "prefectures" / prefecture.key / FILE


def load_constants(prefecture: Prefecture, geography: Geography, p: Params) -> np.ndarray:
    """xi float64[U + 1, M, 3], read-only, from the prefecture's folder; zeros where the file names none.

    Those of a prefecture made by rules are fitted at once, or come from the cache. Raises FileNotFoundError with the
    command that makes the file.
    """
    if one_census(prefecture):
        return fitted_constants(prefecture, p)
    path = constants_path(prefecture)
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: make it with `xiancheng constants --write`")
    return _read_constants(path, path.stat().st_mtime_ns, prefecture, geography.n_markets)


@lru_cache(maxsize=4)
def _read_constants(path: Path, _changed: int, prefecture: Prefecture, n_markets: int) -> np.ndarray:
    homes = {key: row for row, key in enumerate((*prefecture.units, "outside"))}
    columns = {key: m for m, key in enumerate(market_keys(prefecture))}
    xi = np.zeros((prefecture.n_units + 1, n_markets, len(PARTS)))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            xi[homes[row["home"]], columns[row["market"]], PARTS.index(row["part"])] = float(row["value"])
    xi.setflags(write=False)
    return xi


def shifts(world: World) -> np.ndarray:
    """What calibration adds to the constants, float64[U + 1, M], by where a market lies as seen from home.

    The same for all homes and parts, so that the pattern stays that of the flows before the start; people whose home
    is outside are left alone.
    """
    p, units, core = world.p, world.n_units, world.prefecture.core
    unit, ring = world.markets.unit[: world.markets.n], world.markets.ring[: world.markets.n]
    home = np.arange(units + 1)[:, None]
    out = np.where(
        unit[None] < 0, np.where(ring == RING_BEYOND, p.place_shift_beyond, p.place_shift_province)[None],
        np.where(unit[None] == home, p.place_shift_own_town,
                 np.where(unit[None] == core, p.place_shift_core, p.place_shift_other_unit)),
    )
    out[units] = 0.0
    return out


def save_constants(path: Path, prefecture: Prefecture, xi: np.ndarray) -> None:
    """Write xi rounded to four digits, one row per home, market and part."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("home", "market", "part", "value", "unit", "source", "confidence"))
        for h, home in enumerate((*prefecture.units, "outside")):
            for m, market in enumerate(market_keys(prefecture)):
                for k, part in enumerate(PARTS):
                    if xi[h, m, k] != 0.0:
                        source = "fitted to net flows between the last two censuses (xiancheng constants)"
                        writer.writerow((home, market, part, f"{xi[h, m, k]:.4f}", "utils", source, "derived"))


def fit_constants(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Find xi by damped log ratios; returns xi and the final gap in persons per month and unit of scale.

    world: a start state (month 0). Raises nothing: the caller prints the gap.
    """
    world.look()
    target = target_flows(world)
    xi = np.zeros_like(target)
    floor = FLOOR_SHARE_YEAR / 12.0 * world.residents.n / (world.n_units * world.markets.n)
    flows = np.zeros((2, *target.shape))
    for _ in range(ROUNDS):
        flows = expected_flows(world, xi)
        wanted = np.maximum(target + flows[1], floor)
        step = STEP * np.log(wanted / np.maximum(flows[0], floor * 1e-3))
        usable = flows[0] + flows[1] > 0.0
        xi = np.where(usable, np.clip(xi + np.clip(step, -1.5, 1.5), -LIMIT, LIMIT), xi)
        _follow_seat(world, xi)
    return xi, flows[0] - flows[1] - target


def refine_constants(
    make_world: Callable[[np.ndarray, int], World],
    live_month: Callable[[World, int], Mapping[str, np.ndarray]],
    xi: np.ndarray,
    seeds: Sequence[int],
    months: int = REFINE_MONTHS,
    rounds: int = REFINE_ROUNDS,
    settled: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Adjust xi until the flows that the model lives through, events and all, are the wanted ones.

    How many of those who leave a unit leave its towns is the model's answer, so the wanted flow from villages to the
    own towns is corrected round by round until net moves into urban places are those of `urban_inflow`; not in the
    core, whose inflow is fixed by what other units send there.

    make_world(xi, seed) gives a start state, live_month(world, index) lives a month and returns its event counts.
    Flows are pooled over the months lived, the seeds and the groups of `_groups`; target and gap (persons a month at
    the scale of the run) come back by group, float64[2, U + 1, groups, 3]; the gap of the own towns is that of
    net moves into the unit's urban places. settled: xi is the mean over so many last rounds, against the noise of few
    people.
    """
    gap, more = np.zeros(0), np.zeros(xi.shape[0] - 1)
    kept: list[np.ndarray] = []
    for _ in range(rounds):
        flows, urban = np.zeros((2, *xi.shape)), np.zeros(more.size)
        for seed in seeds:
            world = make_world(xi, seed)
            target = target_flows(world)
            for index in range(months):
                counts = live_month(world, index)
                flows += counts.get("choices", 0)
                urban += counts["moves_urban"][0] - counts["moves_urban"][1]
        flows /= months * len(seeds)
        short = urban_inflow(world)[0] * world.scale / 12.0 - urban / (months * len(seeds))
        short[world.prefecture.core] = 0.0
        more += REFINE_STEP * short
        groups = _groups(world)
        into, out, wanted = (_pool(x, groups) for x in (flows[0], flows[1], target))
        wanted[:-1, 0, 0] += more
        gap = np.stack((wanted, into - out - wanted))
        gap[1, :-1, 0, 0] = -short
        floor = FLOOR_SHARE_YEAR / 12.0 * world.residents.n / world.n_units
        step = REFINE_STEP * np.log(np.maximum(wanted + out, floor) / np.maximum(into, floor))
        step = np.take_along_axis(np.clip(step, -1.0, 1.0), np.repeat(groups[:, :, None], 3, axis=2), axis=1)
        xi = np.where(xi != 0.0, np.clip(xi + step, -LIMIT, LIMIT), 0.0)
        _follow_seat(world, xi)
        kept = [*kept, xi][-settled:]
    return np.mean(kept, axis=0) if settled > 1 else xi, gap


def _groups(world: World) -> np.ndarray:
    """Destinations pooled for refinement: own unit, core, other units, and each outside place: int64[U + 1, M]."""
    units, core = world.n_units, world.prefecture.core
    unit = np.concatenate((np.arange(3 * units) // 3, np.full(world.markets.n - 3 * units, -1)))
    outside = 3 + np.arange(world.markets.n) - 3 * units
    row = np.arange(units + 1)[:, None]
    inside = np.where(unit[None] == row, 0, np.where(unit[None] == core, 1, 2))
    return np.where(unit[None] < 0, outside[None], inside)


def _pool(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Sums over the markets of each group, float64[U + 1, groups, 3]."""
    out = np.zeros((values.shape[0], int(groups.max()) + 1, values.shape[2]))
    np.add.at(out, (np.arange(values.shape[0])[:, None], groups), values)
    return out


def _follow_seat(world: World, xi: np.ndarray) -> None:
    """Villages and other counties' townships are left but never chosen: they take their county town's constant."""
    units = world.n_units
    for u in range(units):
        seat = xi[:, 3 * u + 2]
        xi[:, 3 * u] = seat
        elsewhere = np.arange(units + 1) != u
        xi[elsewhere, 3 * u + 1] = seat[elsewhere]


def expected_flows(world: World, xi: np.ndarray) -> np.ndarray:
    """Expected in- and outflow of persons this month, float64[2, U + 1, M, 3], in closed form."""
    homes, people, places, p = world.households, world.residents, world.places, world.p
    tables, q = choice_tables(world, 0, xi), choice_params(p)
    out = np.zeros((2, *xi.shape))
    event = np.array([
        p.sep_rate_month * p.trigger_job_loss,
        (p.trigger_child_3 + p.trigger_child_6 + p.trigger_child_12 + p.trigger_child_15) / (15.0 * 12.0),
    ])
    _expected(
        tables, q, month_shocks(world, q, 0), trigger_tables(p, PLAIN_MONTH), event, world.seed, homes.n, homes.head,
        homes.origin, homes.place, homes.split_place, homes.config, homes.owns, homes.land_mu, homes.tenure,
        homes.split_tenure, homes.savings_fen, homes.debt_fen, homes.kin_elder, people.next, people.birth, people.sex,
        people.education, people.activity, people.sector, people.job_market, people.hukou, people.wage_yuan, people.uid,
        people.flags, places.kind, places.unit, out, homes.uid,
    )
    return out


@kernel
def _expected(
    t, q, s, rates, event, seed, n, head, origin, place, split_place, config, owns, land_mu, tenure, split_tenure,
    savings_fen, debt_fen, kin_elder, nxt, birth, sex, education, activity, sector, job_market, hukou, wage, uid, flags,
    kind, unit, out, home_uid,
):
    v = np.empty(MAX_ALTERNATIVES)
    p = np.empty(MAX_ALTERNATIVES)
    alt = np.empty((MAX_ALTERNATIVES, COLUMNS), np.int16)
    for h in range(n):
        if head[h] < 0:
            continue
        rate, back = _hazards(
            rates, 0, h, head, place, origin, split_place, kin_elder, nxt, birth, sex, flags, kind, unit
        )
        f = read_family(
            head[h], nxt, birth, sex, education, activity, sector, job_market, hukou, wage, flags, uid, 0, s,
            q.log_female_out,
        )
        earners = f.earners0 + f.earners1 + f.earners2
        rate += event[0] * earners + event[1] * (f.n_small + f.n_preschool + f.n_pupils)
        home = read_home(
            t, q, seed, home_uid[h], origin[h], place[h], split_place[h], config[h], owns[h], land_mu[h], tenure[h],
            split_tenure[h], savings_fen[h], debt_fen[h],
        )
        k_n, current = utilities(t, q, f, home, v, alt)
        row = unit[origin[h]] if unit[origin[h]] >= 0 else out.shape[1] - 1
        nested_probabilities(v, alt, k_n, q.tau, q.rho, p)
        go = (1.0 - np.exp(-(rate + back))) / max(rate + back, 1e-12)
        _add(out, row, alt, k_n, current, p, go * rate, f, earners)
        if back > 0.0:
            near = 0.0
            for k in range(k_n):
                if alt[k, 3] > 2:
                    p[k] = 0.0
                near += p[k]
            for k in range(k_n):
                p[k] /= near
            _add(out, row, alt, k_n, current, p, go * back, f, earners)


@kernel
def _add(out, row, alt, n, current, p, weight, f, earners):
    """Persons who enter each alternative, and who leave the present one."""
    stays = p[current]
    if alt[current, 2] == WHOLE:
        for k in range(n):
            stays += p[k] if alt[k, 2] == FROM_TOWN else 0.0
    for k in range(n):
        if alt[k, 3] == 0:
            continue
        config = alt[k, 2]
        persons, part = f.size, 0
        if config == CHILD:
            persons, part = f.n_pupils + 1, 2
        elif config != WHOLE:
            persons, part = (1 if config in (WORKER, FROM_TOWN) else earners), 1
        if k == current:
            out[1, row, alt[k, 1], part] += weight * (1.0 - stays) * persons
        else:
            out[0, row, alt[k, 1], part] += weight * p[k] * persons
