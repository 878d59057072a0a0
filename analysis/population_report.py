"""How near the start population comes to each margin: one table, one figure. Read from the built tables alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.population_labels import MARGINS, say
from model.spec.codes import NO_SECTOR, Flag, Tenure
from model.world.margins import EDUCATION_FROM, N_AGES, age_group
from model.world.people import MARRIED
from model.world.population import EARLIEST

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from model.world.places import Geography
    from model.world.population import Population
    from model.world.tables import Prefecture

RATIOS: Final = frozenset({"urban_share", "household_size", "registered_urban"})
CITY: Final = "city"


class Reading:
    """Counts of one built population in the cells of every margin, float64[U, cells]."""

    def __init__(self, population: Population, geography: Geography, units: int, month: int = 0) -> None:
        self.units = units
        r, h = population.residents, population.households
        alive = r.household[: r.n] >= 0
        self.r = {c.key: getattr(r, c.key)[: r.n][alive] for c in r.columns}
        self.h = {c.key: getattr(h, c.key)[: h.n] for c in h.columns}
        self.unit_of = geography.places.unit[: geography.n_places].astype(np.int64)
        self.urban_of = geography.places.urban[: geography.n_places]
        self.outside_place = geography.outside_place
        self.unit = self.unit_of[self.r["usual"]]
        self.here = self.unit >= 0
        self.age = np.minimum((month - self.r["birth"].astype(np.int64)) // 12, N_AGES - 1)

    def tally(self, cell: np.ndarray, cells: int, mask: np.ndarray, unit: np.ndarray | None = None) -> np.ndarray:
        """Rows of `mask` by unit and cell."""
        unit = self.unit if unit is None else unit
        key = unit[mask] * cells + cell[mask]
        return np.bincount(key, minlength=self.units * cells).reshape(self.units, cells).astype(np.float64)

    def homes(self) -> pd.DataFrame:
        """Family homes of residents: people who live together, as the census counts households."""
        apart = (self.r["flags"] & Flag.APART) > 0
        home = self.r["household"].astype(np.int64) * 2 + apart
        tenure = np.where(apart, self.h["split_tenure"][self.r["household"]], self.h["tenure"][self.r["household"]])
        single = (self.h["collective"][self.r["household"]] == 1) | (tenure == Tenure.DORMITORY)
        rows = np.flatnonzero(self.here & ~single)
        n = 2 * self.h["uid"].size
        frame = pd.DataFrame({
            "size": np.bincount(home[rows], minlength=n),
            "old": np.bincount(home[rows[self.age[rows] >= 65]], minlength=n),
        })
        last = np.zeros(n, np.int64)
        last[home[rows]] = rows
        frame["unit"], frame["tenure"] = self.unit[last], tenure[last]
        return frame[frame["size"] > 0]

    def scope(self) -> np.ndarray:
        """Registered in the same township, another of the county, another county, another province (0 to 3)."""
        apart = (self.r["flags"] & Flag.APART) > 0
        # A household that never moved has the earliest month; whoever lives apart in the prefecture has moved. One
        # that came together later at the place where it is registered has not.
        since = self.h["since"][self.r["household"]]
        moved = apart | ((since > EARLIEST) & ((since < 0) | (self.r["hukou"] != self.r["usual"])))
        registered = self.unit_of[self.r["hukou"]]
        return np.select(
            [(registered == self.unit) & ~moved, registered == self.unit, ~self.beyond()[self.r["hukou"]]], [0, 1, 2], 3
        )

    def beyond(self) -> np.ndarray:
        """bool[P], places outside the province."""
        out = np.zeros(self.unit_of.size, np.bool_)
        out[self.outside_place[self.far]] = True
        return out

    far: np.ndarray


def counts(
    population: Population, prefecture: Prefecture, geography: Geography, month: int = 0
) -> dict[str, np.ndarray]:
    """Margin -> float64[U, cells] at the population's own scale; month: when, 0 for a population just built."""
    units = prefecture.n_units
    x = Reading(population, geography, units, month)
    x.far = np.flatnonzero(np.array([o.ring != "province" for o in prefecture.outside]))
    r, here, zero = x.r, x.here, np.zeros(x.unit.size, np.int64)
    group = age_group(x.age)
    sex = r["sex"].astype(np.int64)
    people = x.tally(zero, 1, here)
    homes = x.homes()
    home_unit = homes["unit"].to_numpy()
    everyone = np.ones(len(homes), np.bool_)
    nil = np.zeros(len(homes), np.int64)
    n_homes = x.tally(nil, 1, everyone, home_unit)
    in_homes = np.bincount(home_unit, homes["size"], units)[:, None]
    kind = np.select(
        [homes["tenure"].isin([Tenure.RENTED, Tenure.PUBLIC_RENTAL]), homes["tenure"] == Tenure.SELF_BUILT,
         homes["tenure"] == Tenure.OWNED], [0, 1, 2], 3,
    )
    old = homes["old"].to_numpy()
    registered_unit = x.unit_of[r["hukou"]]
    registered = x.tally(zero, 1, registered_unit >= 0, registered_unit)
    town = x.tally(zero, 1, (registered_unit >= 0) & (x.urban_of[r["hukou"]] == 1), registered_unit)
    place = np.searchsorted(x.outside_place, r["usual"])
    away = ~here & (registered_unit >= 0)
    return {
        "residents": people,
        "urban_share": x.tally(zero, 1, here & (x.urban_of[r["usual"]] == 1)) / people,
        "age_sex": x.tally(group * 2 + sex, 38, here),
        "education_sex": x.tally(r["education"].astype(np.int64) * 2 + sex, 14, here & (x.age >= EDUCATION_FROM)),
        "scope": x.tally(x.scope(), 4, here),
        "employed": x.tally(zero, 1, here & (r["sector"] != NO_SECTOR)),
        "industry": x.tally(r["sector"].astype(np.int64), 19, here & (r["sector"] != NO_SECTOR)),
        "married": x.tally(sex, 2, here & (x.age >= 15) & ((r["flags"] & Flag.MARRIED) > 0)),
        "family_people": in_homes,
        "households": n_homes,
        "household_size": in_homes / np.maximum(n_homes, 1),
        "one_person": x.tally(nil, 1, homes["size"].to_numpy() == 1, home_unit),
        "with_65": x.tally(np.minimum(old, 3) - 1, 3, old > 0, home_unit),
        "tenure": x.tally(kind, 4, everyone, home_unit),
        "registered": registered,
        "registered_urban": town / np.maximum(registered, 1),
        "outside": x.tally(place, prefecture.n_outside, away, registered_unit),
    }


def targets(prefecture: Prefecture, scale: float, have: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Margin -> float64[U, cells] wanted at `scale`, not rounded.

    Shares of printed samples (schooling, marital state, tenure) are applied to the people or homes there are.
    """
    census, state, units = prefecture.start_census, prefecture.state, prefecture.n_units
    column = {k: census[k][:, None] for k in ("residents", "urban", "households", "family_population",
                                              "one_person_households")}
    schooling = census["education"]
    by_sex = have["education_sex"].reshape(units, 7, 2).sum(axis=1, keepdims=True)
    over_15 = have["age_sex"].reshape(units, 19, 2)[:, 4:].sum(axis=1)
    marital = census["marital"] / census["marital"].sum(axis=1, keepdims=True)
    tenure = census["tenure"] / census["tenure"].sum(axis=1, keepdims=True)
    four = np.stack([tenure[:, 0], tenure[:, 1] + tenure[:, 3], tenure[:, 2], tenure[:, 4]], axis=1)
    scope = census["migrants_by_scope"]
    native = column["residents"] - scope.sum(axis=1, keepdims=True)
    industry = census["industry"] / census["industry"].sum(axis=1, keepdims=True)
    employed = state["n_employed"][:, None] * scale
    return {
        "residents": column["residents"] * scale,
        "urban_share": column["urban"] / column["residents"],
        "age_sex": census["age_sex"].reshape(units, -1) * scale,
        "education_sex": (schooling / schooling.sum(axis=1, keepdims=True) * by_sex).reshape(units, -1),
        "scope": np.concatenate([native, scope], axis=1) * scale,
        "employed": employed,
        "industry": industry * employed,
        "married": marital[:, MARRIED] * over_15,
        "family_people": column["family_population"] * scale,
        "households": column["households"] * scale,
        "household_size": column["family_population"] / column["households"],
        "one_person": column["one_person_households"] * scale,
        "with_65": census["households_with_65plus"] * scale,
        "tenure": four * have["households"],
        "registered": state["n_registered"][:, None] * scale,
        "registered_urban": state["share_registered_urban"][:, None],
        "outside": prefecture.registered_away_by_outside * scale,
    }


def residuals(
    population: Population, prefecture: Prefecture, geography: Geography, scale: float
) -> pd.DataFrame:
    """One row per margin and place (each unit, then "city"): margin, place, cells, target, have, error.

    target and have: totals at the run's scale (or the ratio itself); error: sum over cells of |have - target| over
    the sum of the targets.
    """
    have = counts(population, prefecture, geography)
    want = targets(prefecture, scale, have)
    weight = {"urban_share": "residents", "household_size": "households", "registered_urban": "registered"}
    rows: list[dict[str, Any]] = []
    for margin, target in want.items():
        got = have[margin]
        if margin in RATIOS:
            over = weight[margin]
            whole = [np.atleast_1d((v * w[over]).sum() / w[over].sum()) for v, w in ((got, have), (target, want))]
        else:
            whole = [got.sum(axis=0), target.sum(axis=0)]
        places = [*zip(prefecture.units, got, target, strict=True), (CITY, *whole)]
        for place, g, t in places:
            error = float(np.abs(g - t).sum() / max(float(np.abs(t).sum()), 1e-12))
            rows.append({"margin": margin, "place": place, "cells": g.size, "target": float(t.sum()),
                         "have": float(g.sum()), "error": error})
    return pd.DataFrame(rows)


def place_names(prefecture: Prefecture, lang: str) -> list[str]:
    """Units, then the city, as printed."""
    names = prefecture.unit_names_zh if lang == "zh" else prefecture.unit_names_en
    short = [n.removesuffix(" District").removesuffix(" County") for n in names]
    return [*(s if len(s) > 3 or lang == "zh" else n for s, n in zip(short, names, strict=True)), say(CITY, lang)]


def wide(table: pd.DataFrame, prefecture: Prefecture, lang: str) -> pd.DataFrame:
    """Errors in per cent, margins by places, with words for people."""
    grid = table.pivot(index="margin", columns="place", values="error") * 100
    grid = grid.loc[list(MARGINS), [*prefecture.units, CITY]]
    grid.index = pd.Index([getattr(MARGINS[m], lang) for m in grid.index], name=say("margin", lang))
    grid.columns = pd.Index(place_names(prefecture, lang))
    return grid


def figure(table: pd.DataFrame, prefecture: Prefecture, scale: float, lang: str) -> Figure:
    """Errors of every margin in every unit as one coloured table (log colours, per cent)."""
    from matplotlib.colors import LogNorm
    from matplotlib.figure import Figure as Canvas

    from analysis.figures import style

    grid = wide(table, prefecture, lang)
    with style.house():
        canvas = Canvas(figsize=(11.5, 6.6))
        title = say("title", lang, scale=f"{scale:g}", year=prefecture.start_year)
        canvas.text(0.02, 0.965, title, fontsize=12.5, va="top")
        canvas.text(0.02, 0.02, say("meaning", lang), fontsize=8.5, color=style.QUIET)
        axes = canvas.add_axes((0.24, 0.07, 0.73, 0.80 if lang == "zh" else 0.74))
        norm = LogNorm(0.01, 30)
        values = np.clip(grid.to_numpy(), 0.01, 30)
        image = axes.imshow(values, cmap="YlOrRd", norm=norm, aspect="auto")
        axes.grid(False)
        axes.set_yticks(range(len(grid)), grid.index)
        axes.set_xticks(range(len(grid.columns)), grid.columns, rotation=0 if lang == "zh" else 35,
                        ha="center" if lang == "zh" else "left")
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.axvline(len(grid.columns) - 1.5, color="white", linewidth=4)
        for i, row in enumerate(grid.to_numpy()):
            for j, value in enumerate(row):
                text = f"{value:.2f}" if value < 9.95 else f"{value:.0f}"
                ink = style.ink_on(image.cmap(norm(values[i, j])))
                axes.text(j, i, text, ha="center", va="center", fontsize=8, color=ink)
    return canvas
