"""Homes bought, let and sold again, with the money that moves: one kernel a step."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.lots import draw_lots
from model.kernels.posting import Book, move
from model.kernels.prices import HOME_M2, vacancy
from model.kernels.rng import Stream, uniform
from model.kernels.screen import screen_key, screen_unit
from model.spec.codes import Event, Tenure

OWNED, OFFER = int(Tenure.OWNED), int(Event.OFFER)
S_RESALE, S_LOTTERY, S_OCCUPANCY = Stream.RESALE, Stream.LOTTERY, Stream.OCCUPANCY
KEPT: Final = 65_535
"""Stands for the month in draws of a trait that is kept."""
LET_RENT, RESALE = np.int64(0), np.int64(1)
ABSENT_KINDS: Final = ("let_rent", "home_resale")
PURCHASE: Final = np.int64(0)
BUYER_KINDS: Final = ("home_purchase",)


@bare
def holder(unit, outside):
    """Account of households that live in a unit, -1 outside; those of the prefecture come first."""
    return unit if unit >= 0 else outside


@bare
def receive_price(h, fen, savings, debt, owns):
    """A household gives up the home it owns for `fen`; debts are paid from it first."""
    repaid = min(debt[h], fen)
    debt[h] -= repaid
    savings[h] += fen - repaid
    owns[h] = -1


@kernel
def absent_month(
    rows, seed, month, let_share, sell_chance, gone_months, owns, place, since, uid, savings, debt, unit, market,
    rent, homes, occupied, unsold, withheld, resale_fen, p, resold, firms, outside, balance, account_unit, flow, row,
    least,
):
    """Rent to owners who let, and sale by those gone for good; adds to resold, int64[U]; rows of those who let none."""
    book, key, now = Book(balance, account_unit, flow, row, least), screen_key(seed, S_RESALE, KEPT), screen_key(
        seed, S_RESALE, month)
    fen, empty, e, sold = np.empty(resale_fen.size, np.int64), np.empty(rows.size, np.int64), 0, False
    for m in range(fen.size):
        free = vacancy(occupied[m], homes[m] - unsold[m] - withheld[m])
        fen[m] = np.int64(math.floor(rent[m] * p[HOME_M2] * (1.0 - free) * 100.0))
    for r in range(rows.size):
        h = rows[r]
        at, here = unit[owns[h]], unit[place[h]]
        m = market[owns[h]]
        if screen_unit(key, uid[h]) < let_share:
            savings[h] += fen[m]
            move(book, LET_RENT, firms + at, holder(here, outside), fen[m])
        else:
            empty[e] = h
            e += 1
        if screen_unit(now, uid[h]) < sell_chance and here != at and month - since[h] >= gone_months:
            receive_price(h, resale_fen[m], savings, debt, owns)
            move(book, RESALE, firms + at, holder(here, outside), resale_fen[m])
            unsold[m] += 1
            resold[at] += 1
            sold = True
    if sold:
        for m in range(fen.size):
            unsold[m] = min(unsold[m], homes[m])
    return empty[:e], sold


@kernel
def buy_homes(
    rows, at, seed, month, absent_share, uid, owns, place, tenure, savings, debt, events_next, unit, market, homes,
    occupied, price_fen, down_fen, bought, by_unit, firms, outside, balance, account_unit, flow, row, least,
):
    """Lots for homes at places `at`; winners pay, and live there if they did already, or may get an OFFER to move.

    Adds to bought, int64[M], and by_unit, int64[U].
    """
    book, free = Book(balance, account_unit, flow, row, least), np.empty(bought.size, np.int64)
    group = np.empty(rows.size, np.int64)
    for m in range(free.size):
        free[m] = max(homes[m] - occupied[m], 0)
    for k in range(rows.size):
        group[k] = market[at[k]]
    won = draw_lots(seed, S_LOTTERY, month, rows, uid, group, free)
    for k in range(rows.size):
        if not won[k]:
            continue
        h, m = rows[k], group[k]
        own = min(savings[h], down_fen[m])
        savings[h] -= own
        debt[h] += price_fen[m] - own
        owns[h] = at[k]
        move(book, PURCHASE, holder(unit[place[h]], outside), firms + unit[at[k]], price_fen[m])
        bought[m] += 1
        by_unit[unit[at[k]]] += 1
        if place[h] == at[k]:
            tenure[h] = OWNED
        elif uniform(seed, S_OCCUPANCY, uid[h], month, 0) >= absent_share:
            events_next[h] |= OFFER
