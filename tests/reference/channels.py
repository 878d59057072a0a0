"""A slow plain twin of a month of delivery: lever by lever, as the design page says it."""

from __future__ import annotations

import numpy as np

from model.channels import HISTORY, NOT_SEEN, OF_MONEY, PAYERS
from model.effects import CARRIES, COST_BASE, EFFECTS, PAID_PER_RESULT
from model.effects.common import LEAST_STOCK, Form
from model.spec.params import delivered_share
from model.spec.states import STATES
from model.spec.types import Payer
from model.world.quantities import unit_practice


class SlowChannels:
    """The same arithmetic in dictionaries of arrays by unit."""

    def __init__(self, registry, units, quantities, p, pilot):
        self.levers, self.q, self.p, self.pilot = registry.levers, quantities, p, pilot
        self.practice = {key: unit_practice(lever, quantities, units) for key, lever in self.levers.items()}
        self.said, self.zero = [dict(self.practice)] * HISTORY, np.zeros(units)
        self.delivered = dict.fromkeys(self.levers, self.zero)
        self.step, self.stock = dict(self.delivered), dict(self.delivered)
        self.on_the_way = {key: [self.zero] * lever.lead_months for key, lever in self.levers.items()}

    def advance(self, values, delivery, prefecture, effort):
        self.state = {
            s.key: np.full(self.zero.size, s.practice if s.practice_param is None else self.p[s.practice_param])
            for s in STATES
        }
        self.said = [*self.said[1:], {**self.practice, **values}]
        paid = {Payer.COUNTY: delivery, Payer.PREFECTURE: prefecture}
        for first in (True, False):
            lead = np.where(self.pilot, 0, np.rint(12.0 * self.state["pilot_lead_years"])).astype(int)
            odds = {key: self.odds(lever, effort) for key, lever in self.levers.items()}
            for key in self.levers:
                if (key in CARRIES) is first:
                    self.deliver(key, lead, odds[key], paid)
            for key, state, effect in EFFECTS:
                if (key in CARRIES) is first:
                    self.state[state] = self.state[state] + self.rise(key, effect)
        for s in STATES:
            self.state[s.key] = np.clip(self.state[s.key], s.low, s.high)

    def odds(self, lever, effort):
        capacity = np.maximum(self.state["delivery_odds"], 1e-6)
        odds = capacity ** (-self.p.effort_slip if lever.channel in NOT_SEEN else 1.0)
        odds = odds * np.exp(self.p.pilot_learning * self.state["pilot_lead_years"] * ~self.pilot)
        return odds * effort.get(lever.channel, 1.0)

    def deliver(self, key, lead, odds, paid):
        lever, share = self.levers[key], delivered_share(self.p, key)
        now = self.said[-1][key]
        if lever.channel not in OF_MONEY:
            now = np.array([self.said[-1 - lead[u]][key][u] for u in range(lead.size)])
            share = share * odds / (1.0 - share + share * odds)
        change = (now - self.practice[key]) * share
        part = paid.get(lever.payer, 1.0) if lever.unit_cost_yuan != 0.0 else 1.0
        if lever.flow:
            self.on_the_way[key].append(change)
            due = self.on_the_way[key].pop(0)
            self.delivered[key] = np.where(due > 0.0, due * part, due)
            self.stock[key] = self.stock[key] + self.delivered[key] / 12.0
            return
        if lever.upkeep_share_year >= 1.0:
            change, part = change * part, 1.0
        step = (change - self.delivered[key]) / max(lever.lead_months, 1)
        away = np.abs(self.delivered[key] + step) > np.abs(self.delivered[key])
        self.step[key] = np.where(away, step * part, step)
        self.delivered[key] = self.stock[key] = self.delivered[key] + self.step[key]

    def rise(self, key, effect):
        a, b, c, d = effect.table(self.p, self.q, self.practice[key])
        level, practice = self.delivered[key], self.practice[key]
        some = np.where(b > 0.0, b, 1.0)
        share = np.clip(practice + level, 0.01, 0.99)
        with np.errstate(all="ignore"):
            return {
                Form.LEVEL: level * a / b,
                Form.MONTH: np.where(b > 0.0, level / 12.0 * a / some, 0.0),
                Form.STEP: self.step[key] * a / b,
                Form.ANY: a * (level != 0.0),
                Form.GAP: np.where(level > 0.0, level * a / b, level * c / d),
                Form.STOCK: np.where(a > 0.0, np.maximum(1.0 + self.stock[key] / a, LEAST_STOCK) ** b - 1.0, 0.0),
                Form.SATURATING: a * np.maximum(level, 0.0) / (np.maximum(level, 0.0) + b),
                Form.ODDS: share / (1.0 - share) / (practice / (1.0 - practice)) - 1.0,
            }[effect.form]

    def costs(self):
        """(all costs, upkeep), float64[U, payers] each."""
        cost, kept = np.zeros((2, self.zero.size, len(PAYERS)))
        for key, lever in self.levers.items():
            column, unit_cost = PAYERS.index(lever.payer), lever.unit_cost_yuan
            if key in PAID_PER_RESULT:
                cost[:, column] += unit_cost * self.delivered[key] * self.state[PAID_PER_RESULT[key]]
                continue
            base = COST_BASE[key](self.p, self.q) if key in COST_BASE else 1.0
            running = base * unit_cost * lever.upkeep_share_year / 12.0 * self.stock[key]
            once = lever.upkeep_share_year < 1.0
            built = unit_cost * self.delivered[key] / 12.0
            if not lever.flow:
                built = np.maximum(unit_cost * self.step[key], 0.0) * once
            cost[:, column] += base * built + running
            kept[:, column] += np.maximum(running, 0.0) * once
        return cost, kept
