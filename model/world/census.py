"""The county tabulations of the 2010 and 2020 censuses as arrays by unit.

Columns are found by their printed heading, or by the heading that opens a block of columns. The
two files word the same things differently; some industry headings of 2010 are shifted by one word,
so industries are read by position from the first one, in the census order.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from model.world.datafiles import DataError, Figure, checksum_problem, read_sources, relative

AGE_STARTS: Final = (0, 1, *range(5, 90, 5))
"""First year of each of the 19 age groups: 0, 1-4, 5-9, ..., 80-84, 85 and over."""

SCOPES: Final = ("same_county", "same_province", "other_province")
"""Where residents registered in another township are registered."""

GENERATIONS: Final = ("one", "two", "three", "four_or_more")
TENURES: Final = ("rented", "self_built", "purchased", "inherited", "other")
MARITAL: Final = ("never_married", "married", "divorced", "widowed")
SEXES: Final = ("male", "female")
ELDERS: Final = ("one", "two", "three_or_more")


@dataclass(frozen=True, slots=True)
class Block:
    """`n` consecutive columns from the one headed `first`, reshaped to `shape` per unit."""

    first: str
    n: int
    shape: tuple[int, ...] = ()


BLOCKS_2020: Final[Mapping[str, Block]] = {
    "residents": Block("人口数_合计", 1),
    "urban": Block("城镇人口", 1),
    "rural": Block("乡村人口", 1),
    "households": Block("家庭户数", 1),
    "family_population": Block("家庭户人口数", 1),
    "one_person_households": Block("一人户数", 1),
    "generations": Block("一代户数", 4, (4,)),
    "age_sex": Block("男_0岁", 38, (19, 2)),
    "households_with_65plus": Block("有一个老人", 3, (3,)),
    "migrants_by_scope": Block("户口登记地在外乡镇街道人口_本县", 3, (3,)),
    "education": Block("未上过学_男", 14, (7, 2)),
    "industry": Block("农林牧渔业", 19, (19,)),
    "population_15plus_sample": Block("十五岁以上人口_男", 2, (2,)),
    "marital": Block("未婚_男", 8, (4, 2)),
    "long_form_households": Block("家庭户户数_长表", 1),
    "tenure": Block("住房来源_租赁", 5, (5,)),
}
BLOCKS_2010: Final[Mapping[str, Block]] = {
    "residents": Block("合计", 1),
    "urban": Block("城镇人口", 1),
    "rural": Block("乡村人口", 1),
    "registered": Block("户籍人口", 1),
    "households": Block("户数", 1),
    "family_population": Block("人口数", 1),
    "one_person_households": Block("一人户", 1),
    "generations": Block("一代户", 4, (4,)),
    "age_sex": Block("0岁（男）", 38, (19, 2)),
    "households_with_65plus": Block("有65岁及以上老年人口的户数（户）-有一个老人", 3, (3,)),
    "migrants_by_scope": Block("迁入人口（人）-本县（市）/本市市区", 3, (3,)),
    "education": Block("未上过学-男", 12, (6, 2)),
    "industry": Block("农林牧渔业", 19, (19,)),
    "seeking_work": Block("毕业后未工作", 3, (3,)),
    "population_15plus_sample": Block("15岁及以上人口-男", 2, (2,)),
    "marital": Block("未婚-男", 8, (4, 2)),
    "long_form_households": Block("长表数据-家庭户", 1),
    "tenure": Block("住房来源-租赁", 4, (4,)),
}
MEANS_2020: Final[Mapping[str, tuple[str, str]]] = {
    "floor_area_pc_m2": ("人均住房建筑面积", "family_population"),
    "rooms_per_household": ("平均每户住房间数", "households"),
    "mean_years_schooling": ("平均受教育年限_合计", "residents"),
    "children_ever_born": ("15-64岁妇女平均活产子女数", "residents"),
}
MEANS_2010: Final[Mapping[str, tuple[str, str]]] = {
    "floor_area_pc_m2": ("人均住房建筑面积（平方米/人）", "family_population"),
    "rooms_per_household": ("平均每户住房间数（间/户）", "households"),
    "mean_years_schooling": ("平均受教育年限（年）-合计", "residents"),
    "children_ever_born": ("15-64岁妇女-平均活产子女数", "residents"),
    "nonagricultural_percent": ("非农业户口人口比重（%）", "residents"),
}
INDUSTRY_ORDER_2010: Final = (0, 1, 2, 3, 4, 7, 5, 8, 6, *range(9, 19))
"""Where each industry of 2020 stands in 2010: there transport, computing, trade, catering are 5 to 8."""

ADCODE_COLUMN: Final = "区划代码"


def read_census(
    path: Path, year: int, parts: Sequence[Sequence[str]], root: Path
) -> tuple[dict[str, np.ndarray], list[Figure]]:
    """Margins of one census for the units made of `parts`, and one provenance record per unit.

    path: the tabulation; year: 2010 or 2020, which fixes the headings; parts: for each unit the
    codes of the rows that are added up. Returns key -> float64[n_units, ...] (see the block tables;
    counts are persons or households, `industry`, `marital`, `tenure` and `*_sample` are the ten per
    cent long form, by sex as male, female). Means are weighted by the size of the parts. A blank
    count is zero. 2010 has no pre-school level and counts inherited homes under other: both are
    zero there. DataError with all missing headings, missing rows and unreadable cells.
    """
    name = relative(path, root)
    raw = path.read_bytes()
    problem = checksum_problem(name, raw, read_sources(root))
    if problem:
        raise DataError([problem])
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    header = rows[0]
    at: dict[str, int] = {}
    for i, column in enumerate(header):
        at.setdefault(column.strip(), i)
    blocks, means = (BLOCKS_2010, MEANS_2010) if year < 2015 else (BLOCKS_2020, MEANS_2020)
    wanted = [ADCODE_COLUMN, *(b.first for b in blocks.values()), *(m[0] for m in means.values())]
    problems = [f"{name}:1 heading '{c}' is missing; the file is not the {year} tabulation"
                for c in wanted if c not in at]
    if problems:
        raise DataError(problems)
    line_of = {row[at[ADCODE_COLUMN]]: i for i, row in enumerate(rows) if i}
    problems += [f"{name}: no row with code {code}; correct the census section of prefecture.json"
                 for unit in parts for code in unit if code not in line_of]
    if problems:
        raise DataError(problems)

    def cell(code: str, column: int) -> float:
        text = rows[line_of[code]][column].strip()
        try:
            return float(text) if text else 0.0
        except ValueError:
            problems.append(f"{name}:{line_of[code] + 1} '{header[column]}' is '{text}', not a number")
            return 0.0

    out: dict[str, np.ndarray] = {}
    for key, block in blocks.items():
        columns = _columns(key, block, at)
        data = np.array([[sum(cell(c, col) for c in unit) for col in columns] for unit in parts])
        out[key] = data.reshape((len(parts), *block.shape)) if block.shape else data[:, 0]
    for key, (heading, weight) in means.items():
        sizes = blocks[weight]
        out[key] = np.array([
            np.average([cell(c, at[heading]) for c in unit], weights=[cell(c, at[sizes.first]) for c in unit])
            for unit in parts
        ])
    if problems:
        raise DataError(problems)
    _align(out, year)
    for array in out.values():
        array.setflags(write=False)
    figures = [
        Figure(float(out["residents"][u]), "persons", f"census {year}, county tabulation", "published", name,
               line_of[unit[0]] + 1, (("adcode", "+".join(unit)), ("year", str(year))))
        for u, unit in enumerate(parts)
    ]
    return out, figures


def _columns(key: str, block: Block, at: Mapping[str, int]) -> list[int]:
    first = at[block.first]
    if key == "marital":  # each state has a total, men, women; the totals are left out
        return [first + 3 * state + sex for state in range(4) for sex in range(2)]
    return list(range(first, first + block.n))


def _align(out: dict[str, np.ndarray], year: int) -> None:
    """Give both censuses the shapes and orders of 2020: schooling levels, tenures, industries."""
    if year < 2015:
        out["industry"] = out["industry"][:, INDUSTRY_ORDER_2010]
    if out["education"].shape[1] == 6:
        none, rest = out["education"][:, :1], out["education"][:, 1:]
        out["education"] = np.concatenate([none, np.zeros_like(none), rest], axis=1)
    if out["tenure"].shape[1] == 4:
        rented, other = out["tenure"][:, :3], out["tenure"][:, 3:]
        out["tenure"] = np.concatenate([rented, np.zeros_like(other), other], axis=1)
