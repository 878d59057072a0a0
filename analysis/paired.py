"""Differences between scenarios lived on the same seeds.

With common random numbers a seed is the same city in every scenario, so scenarios are subtracted seed by seed
before anything is averaged. What varies over seeds alone then drops out, and the standard error is that of the
difference, not that of two means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

KEYS: Final = ("month", "place", "indicator")
LEVEL: Final = 0.90
MOST_SEEDS: Final = 10_000


class Unpaired(ValueError):
    """Scenarios that were not lived on the same seeds."""


def difference(
    frame: pd.DataFrame, base: str | None = None, by: str = "seed", *, unpaired: bool = False
) -> pd.DataFrame:
    """Every other scenario less `base`, for each month, place and indicator.

    frame: tidy, with scenario, `by`, month, place, indicator, value. base: by default the first scenario.
    Returns one row for each scenario and cell: mean; se (standard error of the mean); p05, p95 (spread over
    seeds); low, high (90 % interval of the mean, Student's t); share_up (share of seeds with a rise, ties half);
    sign_probability (that the true mean has the sign seen); n (seeds); seeds_needed (for an interval without
    zero, at this mean and spread; infinite where no number does).
    Raises Unpaired when seeds differ, unless `unpaired=True`: then all pairs are compared and the standard error
    is Welch's. Raises ValueError for a base that is not there or a value that is there twice.
    """
    names = scenarios_of(frame)
    base = names[0] if base is None else base
    if base not in names:
        raise ValueError(f"no scenario {base!r} here; there are {', '.join(names)}")
    others = [name for name in names if name != base]
    cubes = {name: cells(frame[frame["scenario"] == name], by) for name in names}
    if not unpaired:
        _refuse_unpaired(cubes, base, others, by)
    tables = []
    for name in others:
        one, two = cubes[name].align(cubes[base], axis=0, join="inner")
        measure = _welch if unpaired else _paired
        numbers = measure(one.to_numpy(), two.to_numpy())
        table = pd.DataFrame({"scenario": name, **numbers}, index=one.index).reset_index()
        tables.append(table)
    columns = ["scenario", *KEYS, *MEASURES]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


MEASURES: Final = (
    "mean", "se", "p05", "p95", "low", "high", "share_up", "sign_probability", "n", "seeds_needed",
)


def compare(results: Any, base: str | None = None, *, place: str | None = "city", month: str | None = None,
            indicators: Sequence[str] | None = None) -> pd.DataFrame:
    """The differences of an experiment (or tidy frame) in one month, by default the last, and one place.

    place=None gives all places; indicators: keys to keep, by default all. Columns as in `difference`.
    """
    frame = results.frame() if hasattr(results, "frame") else results
    month = max(frame["month"].unique()) if month is None else month
    keep = frame["month"] == month
    if place is not None:
        keep &= frame["place"] == place
    if indicators is not None:
        keep &= frame["indicator"].isin(indicators)
    return difference(common(frame[keep]), base)


def scenarios_of(frame: pd.DataFrame) -> list[str]:
    """Scenario names in the order in which they were asked for."""
    column = frame["scenario"]
    present = set(column.unique())
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [str(name) for name in column.cat.categories if name in present]
    return [str(name) for name in dict.fromkeys(column)]


def common(frame: pd.DataFrame, by: str = "seed") -> pd.DataFrame:
    """The rows whose seed every scenario has: what is left to compare when some members failed."""
    pairs = frame[["scenario", by]].drop_duplicates()
    counts = pairs[by].value_counts()
    everywhere = counts.index[counts == pairs["scenario"].nunique()]
    return frame[frame[by].isin(everywhere)]


def cells(frame: pd.DataFrame, by: str = "seed") -> pd.DataFrame:
    """Values with one row for each cell and one column for each seed."""
    indexed = frame.set_index([*KEYS, by])["value"]
    if not indexed.index.is_unique:
        twice = indexed.index[indexed.index.duplicated()][0]
        raise ValueError(f"two values for {dict(zip((*KEYS, by), twice))}")
    return indexed.unstack(by)


def _refuse_unpaired(cubes: dict[str, pd.DataFrame], base: str, others: list[str], by: str) -> None:
    own = set(cubes[base].columns)
    for name in others:
        odd = sorted(own ^ set(cubes[name].columns))
        if odd:
            raise Unpaired(
                f"{name} and {base} do not share each {by}: {', '.join(map(str, odd[:5]))} in one only; "
                "keep what they share with `common`, or ask for unpaired=True"
            )


def _paired(one: np.ndarray, two: np.ndarray) -> dict[str, np.ndarray]:
    """Measures of one - two, arrays [n_cells, n_seeds] with the same seeds. Pairs that lack a number are left out."""
    gaps = one - two
    n = np.isfinite(gaps).sum(axis=1)
    mean, spread = mean_and_spread(gaps, n)
    se = spread / np.sqrt(n, where=n > 0, out=np.full(n.shape, np.nan))
    return {**_measures(mean, se, n - 1.0, gaps), "n": n, "seeds_needed": seeds_needed(mean, spread)}


def _welch(one: np.ndarray, two: np.ndarray) -> dict[str, np.ndarray]:
    """The same for different seeds: all pairs for the spread, Welch's error and degrees of freedom."""
    counts = [np.isfinite(x).sum(axis=1) for x in (one, two)]
    (mean1, sd1), (mean2, sd2) = (mean_and_spread(x, n) for x, n in zip((one, two), counts))
    with np.errstate(invalid="ignore", divide="ignore"):
        part1, part2 = sd1**2 / counts[0], sd2**2 / counts[1]
        se = np.sqrt(part1 + part2)
        freedom = se**4 / (part1**2 / (counts[0] - 1.0) + part2**2 / (counts[1] - 1.0))
    gaps = (one[:, :, None] - two[:, None, :]).reshape(len(one), -1)
    needed = seeds_needed(mean1 - mean2, np.hypot(sd1, sd2))
    return {**_measures(mean1 - mean2, se, freedom, gaps), "n": np.minimum(*counts), "seeds_needed": needed}


def _measures(mean: np.ndarray, se: np.ndarray, freedom: np.ndarray, gaps: np.ndarray) -> dict[str, np.ndarray]:
    with np.errstate(invalid="ignore", divide="ignore"):
        half = np.where(se > 0, se * stdtrit(freedom, 0.5 + LEVEL / 2), np.where(se == 0, 0.0, np.nan))
        certain = np.where(mean == 0, 0.5, 1.0)
        probability = np.where(se > 0, stdtr(freedom, np.abs(mean) / se), np.where(se == 0, certain, np.nan))
        share = (gaps > 0).sum(axis=1) + 0.5 * (gaps == 0).sum(axis=1)
        share = share / np.isfinite(gaps).sum(axis=1)
    p05, p95 = quantiles(gaps)
    return {
        "mean": mean, "se": se, "p05": p05, "p95": p95, "low": mean - half, "high": mean + half,
        "share_up": share, "sign_probability": probability,
    }


def mean_and_spread(values: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation along rows, of what is finite. The spread needs two values."""
    finite = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(finite, values, 0.0).sum(axis=1) / n
        # Equal values have no spread, whatever rounding does to their mean.
        alike = rowwise(np.nanmax, values) == rowwise(np.nanmin, values)
        squares = np.where(finite, values - mean[:, None], 0.0) ** 2
        spread = np.sqrt(squares.sum(axis=1) / (n - 1.0))
    return mean, np.where(n < 2, np.nan, np.where(alike, 0.0, spread))


def quantiles(values: np.ndarray, levels: tuple[float, ...] = (0.05, 0.95)) -> np.ndarray:
    """Quantiles along rows [n_levels, n_rows] of what is finite; not a number where nothing is."""
    result = np.full((len(levels), len(values)), np.nan)
    whole = np.isfinite(values).all(axis=1)
    if values.size and whole.any():
        result[:, whole] = np.quantile(values[whole], levels, axis=1)
    for row in np.flatnonzero(~whole):
        finite = values[row][np.isfinite(values[row])]
        if finite.size:
            result[:, row] = np.quantile(finite, levels)
    return result


def rowwise(function: Any, values: np.ndarray) -> np.ndarray:
    """A NumPy reduction along rows that holds its tongue about rows without numbers."""
    result = np.full(len(values), np.nan)
    some = np.isfinite(values).any(axis=1)
    result[some] = function(np.where(np.isfinite(values[some]), values[some], np.nan), axis=1)
    return result


_SIZES: Final = np.arange(2, MOST_SEEDS + 1)
_WIDTHS: Final = stdtrit(_SIZES - 1.0, 0.5 + LEVEL / 2) / np.sqrt(_SIZES)


def seeds_needed(mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Smallest number of seeds whose 90 % interval leaves out zero, were mean and spread those seen.

    Infinite where the mean is zero or more than MOST_SEEDS would be needed; not a number without a spread.
    """
    mean, spread = np.asarray(mean, float), np.asarray(spread, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.abs(mean) / spread
    position = np.searchsorted(-_WIDTHS, -ratio, side="right")
    needed = np.where(position < len(_SIZES), _SIZES[np.minimum(position, len(_SIZES) - 1)], np.inf)
    needed = np.where(spread == 0, np.where(mean == 0, np.inf, 2.0), needed)
    return np.where(np.isnan(mean) | np.isnan(spread), np.nan, needed)
