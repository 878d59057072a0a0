"""The start population: exact identities, nearness to the census, and independence of everything but its inputs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.population_report import CITY, residuals
from model.spec.codes import NO_SECTOR, Activity, Config, Flag, Kind
from model.state.table import Households, Residents
from model.world import snapshot
from model.world.homes import ALONE, build_homes
from model.world.margins import read_seeds, scaled
from model.world.people import draw_people, expect
from model.world.places import Geography, build_places
from model.world.population import PARAMS, Population, build_population, digest, start_population
from model.world.tables import Prefecture, load_prefecture

KINDS = {"residents": Residents, "households": Households}
P = SimpleNamespace(commute_max_min=45.0, insurance_base=0.25)
SCALE = 0.01

# Largest error of a margin, as a share of its total: (city, any unit), at 1:100.
BANDS = {
    "residents": (0.0005, 0.001),
    "urban_share": (0.0005, 0.005),
    "age_sex": (0.005, 0.02),
    "education_sex": (0.005, 0.015),
    "scope": (0.005, 0.01),
    "employed": (0.002, 0.005),
    "industry": (0.005, 0.02),
    "married": (0.002, 0.005),
    "family_people": (0.0005, 0.002),
    "households": (0.0005, 0.002),
    "household_size": (0.0005, 0.002),
    "one_person": (0.001, 0.005),
    "tenure": (0.003, 0.01),
    "registered": (0.001, 0.003),
    "registered_urban": (0.003, 0.01),
    "outside": (0.002, 0.02),
}


@lru_cache(maxsize=1)
def ground() -> tuple[Prefecture, Geography]:
    prefecture = load_prefecture()
    return prefecture, build_places(prefecture)


@lru_cache(maxsize=3)
def built(scale: float = SCALE) -> Population:
    prefecture, geography = ground()
    return build_population(prefecture, geography, P, scale)


def columns(population: Population) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    r, h = population.residents, population.households
    return ({c.key: getattr(r, c.key)[: r.n] for c in r.columns}, {c.key: getattr(h, c.key)[: h.n] for c in h.columns})


def errors(scale: float) -> pd.DataFrame:
    prefecture, geography = ground()
    return residuals(built(scale), prefecture, geography, scale)


def test_every_person_stands_in_the_list_of_exactly_one_household() -> None:
    r, h = columns(built())
    seen = np.zeros(r["uid"].size, np.int64)
    for home in range(h["uid"].size):
        row, length = int(h["head"][home]), 0
        while row >= 0:
            assert r["household"][row] == home
            seen[row] += 1
            length += 1
            row = int(r["next"][row])
        assert length == h["size"][home] > 0
    assert (seen == 1).all()


def test_people_live_where_their_household_says() -> None:
    r, h = columns(built())
    apart = (r["flags"] & Flag.APART) > 0
    expected = np.where(apart, h["split_place"][r["household"]], h["place"][r["household"]])
    assert np.array_equal(r["place"], expected)
    assert np.array_equal(r["usual"], r["place"])
    split = np.bincount(r["household"][apart], minlength=h["uid"].size) > 0
    assert np.array_equal(split, h["split_place"] >= 0)
    arranged = np.isin(h["config"], [Config.WORKER_AWAY, Config.CHILD_TOWN, Config.COUPLE_AWAY])
    assert np.array_equal(split, arranged)
    main = np.bincount(r["household"][~apart], minlength=h["uid"].size)
    assert (main > 0).all()
    assert not apart[h["head"]].any()


def test_ids_are_unique_and_not_zero() -> None:
    r, h = columns(built())
    for uid in (r["uid"], h["uid"]):
        assert np.unique(uid).size == uid.size
        assert uid.min() > 0


def test_columns_keep_their_declared_ranges() -> None:
    population = built()
    for table in (population.residents, population.households):
        for column in table.columns:
            values = getattr(table, column.key)[: table.n].astype(np.float64)
            inside = (values >= column.low) & (values <= column.high)
            if column.missing is not None:
                inside |= values == column.missing
            assert inside.all(), column.key


def test_jobs_ages_and_activities_agree() -> None:
    r, _ = columns(built())
    age = -r["birth"].astype(int) // 12
    work = r["activity"] == Activity.EMPLOYED
    assert np.array_equal(work, r["sector"] != NO_SECTOR)
    assert np.array_equal(work, r["job_market"] != 255)
    assert (age[work] >= 15).all()
    assert ((r["activity"] == Activity.CHILD) == (age < 6)).all()
    assert (r["activity"][(age >= 6) & (age < 15)] == Activity.PUPIL).all()
    assert (age[r["activity"] == Activity.RETIRED] >= 60).all()
    assert (age[(r["flags"] & Flag.MARRIED) > 0] >= 15).all()
    assert (r["since"] >= r["birth"]).all()


def test_registration_origin_and_land_agree() -> None:
    _, geography = ground()
    r, h = columns(built())
    kind = geography.places.kind
    assert np.array_equal(r["hukou"], h["origin"][r["household"]])
    assert (kind[h["origin"][h["land_mu"] > 0]] == Kind.VILLAGE).all()
    here = kind[h["place"]] != Kind.OUTSIDE
    stays = (kind[h["origin"]] == Kind.VILLAGE) & (h["origin"] == h["place"]) & (h["collective"] == 0)
    assert (h["homestead"][stays & here] == 1).all()


def test_children_live_with_an_adult_of_a_fitting_age() -> None:
    r, h = columns(built())
    age = -r["birth"].astype(int) // 12
    home = r["household"].astype(np.int64) * 2 + ((r["flags"] & Flag.APART) > 0)
    frame = pd.DataFrame({"home": home, "age": age, "child": age < 16, "single": h["collective"][r["household"]] == 1})
    frame = frame[~frame["single"]]
    adults = frame[~frame["child"]].groupby("home")["age"].apply(np.array)
    children = frame[frame["child"]]
    gap = [adults[home] - age for home, age in zip(children["home"], children["age"], strict=True)]
    parent = np.array([np.min(np.abs(g - 27)) for g in gap])
    grandparent = np.array([np.min(np.abs(g - 53)) for g in gap])
    assert np.mean(parent <= 12) > 0.88
    assert np.mean(np.minimum(parent, grandparent) <= 12) > 0.98


def test_margins_at_one_in_a_hundred() -> None:
    table = errors(SCALE)
    for margin, (city, unit) in BANDS.items():
        rows = table[table["margin"] == margin]
        assert rows.loc[rows["place"] == CITY, "error"].item() <= city, margin
        assert rows.loc[rows["place"] != CITY, "error"].max() <= unit, margin
    check = table[(table["margin"] == "with_65") & (table["place"] == CITY)]
    assert check["error"].item() < 0.12


def test_margins_at_one_in_ten() -> None:
    table = errors(0.1).set_index(["margin", "place"])["error"]
    for margin in ("residents", "urban_share"):
        assert table[margin].max() < 0.0005
    for margin in ("age_sex", "education_sex", "scope", "industry", "household_size", "one_person", "tenure"):
        assert table[margin].max() < 0.003
        assert table[margin][CITY] < 0.0005


@pytest.mark.parametrize("scale", [0.001, 0.01])
def test_generations_and_sizes_are_whole_and_exact(scale: float) -> None:
    prefecture, _ = ground()
    seeds = read_seeds(prefecture.root)
    expected = expect(scaled(prefecture, 1.0), seeds, prefecture.state["jobless_rate_share"])
    margins = scaled(prefecture, scale)
    people = draw_people(margins, expected, seeds)
    homes = build_homes(people, margins, seeds, np.arange(people.n, dtype=np.uint64), np.uint64(1))
    kinds = np.stack([np.bincount(homes.kind[homes.unit == u], minlength=5) for u in range(prefecture.n_units)])
    assert np.array_equal(kinds.sum(axis=1), margins.households.sum(axis=1))
    assert np.abs(kinds - margins.households).sum() <= 0.01 * margins.households.sum()
    family = homes.of >= 0
    assert np.array_equal(family, ~people.collective)
    size = np.bincount(homes.of[family], minlength=homes.unit.size)
    assert size.min() == 1
    assert (size[homes.kind == ALONE] == 1).all()
    assert np.array_equal(people.unit[family], homes.unit[homes.of[family]])


def test_the_same_bytes_when_built_again_and_other_bytes_for_another_seed() -> None:
    prefecture, geography = ground()
    again = build_population(prefecture, geography, P, SCALE)
    assert digest(again) == digest(built())
    other = build_population(prefecture, geography, P, SCALE, seed=5)
    assert digest(other) != digest(built())


def test_the_cache_returns_the_same_people_in_fresh_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prefecture, geography = ground()
    monkeypatch.setenv("XIANCHENG_CACHE", str(tmp_path))
    first = start_population(prefecture, geography, P, 0.001)
    second = start_population(prefecture, geography, P, 0.001)
    assert digest(first) == digest(second)
    second.residents.place[:] = 0
    assert digest(start_population(prefecture, geography, P, 0.001)) == digest(first)
    files = list(tmp_path.iterdir())
    assert len(files) == 1
    whole = files[0].read_bytes()
    hole = len(whole) // 2
    for damaged in (b"damaged", whole[:-1], whole[:hole] + b"\xff" * 8 + whole[hole + 8 :]):
        files[0].write_bytes(damaged)
        assert snapshot.load(files[0], KINDS) is None
        assert digest(start_population(prefecture, geography, P, 0.001)) == digest(first)


def test_the_cache_key_names_all_that_the_build_reads() -> None:
    prefecture, geography = ground()

    class Recorder:
        asked: set[str] = set()

        def __getattr__(self, key: str) -> float:
            self.asked.add(key)
            return float(getattr(P, key))

    build_population(prefecture, geography, Recorder(), 0.001)
    assert Recorder.asked == set(PARAMS)
    paths = {
        snapshot.cache_path(prefecture, scale, seed, {"a": a})
        for scale in (0.1, 0.2) for seed in (1, 2) for a in (1.0, 2.0)
    }
    assert len(paths) == 8


@pytest.mark.parametrize("scale", [0.0, -0.1, 1.5])
def test_a_scale_outside_its_range_is_refused(scale: float) -> None:
    prefecture, geography = ground()
    with pytest.raises(ValueError, match="scale"):
        build_population(prefecture, geography, P, scale)


def test_small_and_large_scales_agree_on_shares() -> None:
    def shares(population: Population) -> np.ndarray:
        r, h = columns(population)
        work = np.bincount(r["activity"], minlength=6) / r["uid"].size
        arranged = np.bincount(h["config"], minlength=5) / h["uid"].size
        owned = np.bincount(h["tenure"], minlength=6) / h["uid"].size
        return np.concatenate([work, arranged, owned])

    assert np.abs(shares(built(0.01)) - shares(built(0.1))).max() < 0.006
    assert np.abs(shares(built(0.001)) - shares(built(0.1))).max() < 0.03
