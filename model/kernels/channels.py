"""One month of delivery: what levers announced, what of it arrives, which channel states that moves, what it costs.

L levers, U units, S states, E effects (a row per lever and state).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.effects.common import LEAST_STOCK, Form
from model.kernels.jit import bare, kernel

LEVEL, MONTH, STEP, ANY = int(Form.LEVEL), int(Form.MONTH), int(Form.STEP), int(Form.ANY)
GAP, STOCK, SATURATING = int(Form.GAP), int(Form.STOCK), int(Form.SATURATING)
YEAR: Final = 12.0
NO_STATE: Final = -1
LEAST_ODDS: Final = 1e-6


class Levers(NamedTuple):
    """What is fixed of each lever during a run."""

    practice: np.ndarray  # float64[L, U]
    carries: np.ndarray  # bool[L], its state tells how all others are carried out
    of_money: np.ndarray  # bool[L], in force everywhere and whoever carries it out
    channel: np.ndarray  # int64[L], row of the odds of delivery
    share: np.ndarray  # float64[L], of a change that is delivered at even odds
    flow: np.ndarray  # bool[L], a yearly amount; else a level
    lead: np.ndarray  # int64[L], months
    purse: np.ndarray  # int64[L], row of the share that could be paid
    yearly: np.ndarray  # bool[L], paid every year anew: no cost of building
    unit_cost: np.ndarray  # float64[L] yuan
    running: np.ndarray  # float64[L], yuan a month that keeps one unit of what was built
    base: np.ndarray  # float64[L, U] heads that multiply the cost
    result: np.ndarray  # int64[L], state whose things are paid at the value in force; NO_STATE
    payer: np.ndarray  # int64[L], column of costs
    to_homes: np.ndarray  # bool[L]
    to_firms: np.ndarray  # bool[L]


class Moves(NamedTuple):
    """What is fixed of each effect, and of the states."""

    lever: np.ndarray  # int64[E]
    state: np.ndarray  # int64[E]
    form: np.ndarray  # int64[E], a Form
    terms: np.ndarray  # float64[E, 4, U]
    practice: np.ndarray  # float64[S], of states
    low: np.ndarray  # float64[S]
    high: np.ndarray  # float64[S]


class Chances(NamedTuple):
    """What odds of delivery are made of."""

    capacity: int  # state: odds of works that show
    lead: int  # state: years by which pilot counties are ahead
    slip: float  # rules and people are delivered at the odds to the power of less this
    learning: float  # log odds that a year of lead brings to those who follow
    unseen: np.ndarray  # bool[channels], rules and people
    pilot: np.ndarray  # bool[U]


class Memory(NamedTuple):
    """What a month leaves to the next; see `model.channels.Channels`."""

    announced: np.ndarray  # float64[L, U]
    delivered: np.ndarray  # float64[L, U]
    step: np.ndarray  # float64[L, U]
    stock: np.ndarray  # float64[L, U]
    pipeline: np.ndarray  # float64[lead, L, U]
    history: np.ndarray  # float64[HISTORY, L, U]
    cost: np.ndarray  # float64[L, U]
    running: np.ndarray  # float64[L, U]
    state: np.ndarray  # float64[S, U]
    moved: np.ndarray  # bool[E]


@kernel
def advance(month, values, x, f, m, chances, effort, delivery, prefecture, costs):
    """Live one month of delivery. values: float64[L, U] as set; effort: float64[channels, U]; costs: see `by_payer`."""
    units = chances.pilot.size
    paid, odds, lead = np.ones((3, units)), np.ones(effort.shape), np.empty(units)
    paid[1, :] = delivery
    paid[2, :] = prefecture
    open_states(month, values, f, m)
    # Money rules, which carry the others, are delivered at any odds.
    lead[:] = m.state[chances.lead]
    deliver(month, True, x, f, m, lead, chances.pilot, odds, paid)
    lead[:] = m.state[chances.lead]
    odds_of(chances, lead, m.state[chances.capacity], effort, odds)
    deliver(month, False, x, f, m, lead, chances.pilot, odds, paid)
    keep_within(f, m)
    add_costs(x, m)
    by_payer(x, m, costs)


@bare
def odds_of(chances, lead, capacity, effort, odds):
    """Odds m of delivery by channel, float64[channels, U].

    A share s' = s m / (1 - s + s m) of a change is delivered, s being `delivered_share`; m: those of delivery
    capacity for works that show, their power -effort_slip for rules and people; what others learn from pilots; the
    effort of the line.
    """
    for u in range(lead.size):
        shown = max(capacity[u], LEAST_ODDS)
        unseen = shown**-chances.slip
        learnt = 1.0 if chances.pilot[u] else np.exp(chances.learning * lead[u])
        for k in range(odds.shape[0]):
            odds[k, u] = (unseen if chances.unseen[k] else shown) * learnt * effort[k, u]


@bare
def open_states(month, values, f, m):
    """Put every state to practice and note what was announced."""
    for s in range(f.practice.size):
        for u in range(values.shape[1]):
            m.state[s, u] = f.practice[s]
    slot = month % m.history.shape[0]
    for k in range(values.shape[0]):
        for u in range(values.shape[1]):
            m.announced[k, u] = m.history[slot, k, u] = values[k, u]


@bare
def deliver(month, carries, x, f, m, pilot_lead, pilot, odds, paid):
    """Deliver the levers whose `carries` is this, and move their states.

    odds: float64[channels, U]; paid: float64[purses, U], share of what is owed that could be paid.
    """
    for k in range(x.lead.size):
        if x.carries[k] != carries:
            continue
        for u in range(pilot.size):
            now, share = m.announced[k, u], x.share[k]
            if not x.of_money[k]:
                # Units without a lead of their own do what was set that long ago.
                behind = 0 if pilot[u] else round(12.0 * pilot_lead[u])
                now = m.history[(month - behind) % m.history.shape[0], k, u]
                share = share * odds[x.channel[k], u] / (1.0 - share + share * odds[x.channel[k], u])
            change = (now - x.practice[k, u]) * share
            if x.flow[k]:
                deliver_flow(month, k, u, change, paid[x.purse[k], u], x.lead[k], m)
            else:
                deliver_level(k, u, change, paid[x.purse[k], u], x.lead[k], x.yearly[k], m)
    for e in range(f.lever.size):
        k = f.lever[e]
        if x.carries[k] != carries:
            continue
        for u in range(pilot.size):
            rise = effect(f.form[e], f.terms[e, :, u], x.practice[k, u], m.delivered[k, u], m.step[k, u], m.stock[k, u])
            if rise != 0.0:
                m.moved[e] = True
                m.state[f.state[e], u] += rise


@bare
def deliver_flow(month, k, u, change, paid, lead, m):
    """A yearly flow: out of the pipeline comes what was set `lead` months ago."""
    due = change
    if lead > 0:
        slot = month % lead
        due = m.pipeline[slot, k, u]
        m.pipeline[slot, k, u] = change
    m.delivered[k, u] = due * paid if due > 0.0 else due
    m.stock[k, u] += m.delivered[k, u] / YEAR


@bare
def deliver_level(k, u, change, paid, lead, yearly, m):
    """A level: closes part of its distance.

    What must be paid every year is in force only as far as it is paid; what is built once rises only as far as it is
    paid, and stays.
    """
    if yearly:
        change, paid = change * paid, 1.0
    before = m.delivered[k, u]
    step = (change - before) / max(lead, 1)
    if abs(before + step) > abs(before):
        step = step * paid
    m.step[k, u] = step
    m.delivered[k, u] = before + step
    m.stock[k, u] = m.delivered[k, u]


@bare
def effect(form, terms, practice, level, step, stock):
    """By how much one lever moves one state in one unit: see `model.effects.common.Form`."""
    if form == LEVEL:
        return level * terms[0] / terms[1]
    if form == MONTH:
        return level / YEAR * terms[0] / terms[1] if terms[1] > 0.0 else 0.0
    if form == STEP:
        return step * terms[0] / terms[1]
    if form == ANY:
        return terms[0] if level != 0.0 else 0.0
    if form == GAP:
        return level * terms[0] / terms[1] if level > 0.0 else level * terms[2] / terms[3]
    if form == STOCK:
        added = stock / terms[0] if terms[0] > 0.0 else 0.0
        return max(1.0 + added, LEAST_STOCK) ** terms[1] - 1.0 if added != 0.0 else 0.0
    if form == SATURATING:
        return terms[0] * max(level, 0.0) / (max(level, 0.0) + terms[1])
    share = min(max(practice + level, 0.01), 0.99)
    return share / (1.0 - share) / (practice / (1.0 - practice)) - 1.0


@bare
def keep_within(f, m):
    """Every state within its limits."""
    for s in range(f.low.size):
        for u in range(m.state.shape[1]):
            m.state[s, u] = min(max(m.state[s, u], f.low[s]), f.high[s])


@bare
def add_costs(x, m):
    """Cost by lever: building what arrived, and running what was built beyond practice.

    A rise of a level is paid once and its fall gives nothing back; what is paid every year has no cost of building and
    its unit cost is yearly.
    """
    for k in range(x.lead.size):
        for u in range(m.cost.shape[1]):
            if x.result[k] != NO_STATE:
                m.cost[k, u] = x.unit_cost[k] * m.delivered[k, u] * m.state[x.result[k], u]
                continue
            running = x.running[k] * m.stock[k, u]
            if not x.yearly[k]:
                m.running[k, u] = max(x.base[k, u] * running, 0.0)
            if x.flow[k]:
                building = x.unit_cost[k] * m.delivered[k, u] / YEAR
            else:
                building = 0.0 if x.yearly[k] else max(x.unit_cost[k] * m.step[k, u], 0.0)
            m.cost[k, u] = x.base[k, u] * (building + running)


@bare
def by_payer(x, m, out):
    """Sums of costs over levers, by unit and payer: all, to households, to firms, and upkeep; out: [4, U, payers]."""
    out[:] = 0.0
    for k in range(x.lead.size):
        for u in range(m.cost.shape[1]):
            cost = m.cost[k, u]
            out[0, u, x.payer[k]] += cost
            if x.to_homes[k]:
                out[1, u, x.payer[k]] += cost
            if x.to_firms[k]:
                out[2, u, x.payer[k]] += cost
            out[3, u, x.payer[k]] += m.running[k, u]
