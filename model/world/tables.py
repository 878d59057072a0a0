"""The door to the data: checked tables, statistics with provenance, prefectures.

``python -m model.world.tables`` verifies every checksum; with ``--refresh-sources`` it rewrites them.
"""

from __future__ import annotations

import sys

from model.world.census import AGE_STARTS, ELDERS, GENERATIONS, MARITAL, SCOPES, SEXES, TENURES, read_census
from model.world.datafiles import (
    CONFIDENCE,
    DataError,
    Figure,
    Statistics,
    Table,
    data_digest,
    data_files,
    data_root,
    read_sources,
    read_table,
    refresh_sources,
    verify_sources,
)
from model.world.drivers import FUTURES, DriverTable, month_range, ordinal
from model.world.prefecture import (
    ALL,
    FERTILE_AGES,
    MORTALITY_AGES,
    Area,
    OutsidePlace,
    Prefecture,
    default_prefecture,
    great_circle_km,
    load_prefecture,
)

__all__ = [
    "AGE_STARTS", "ALL", "CONFIDENCE", "ELDERS", "FERTILE_AGES", "FUTURES", "GENERATIONS", "MARITAL",
    "MORTALITY_AGES", "SCOPES", "SEXES", "TENURES", "Area", "DataError", "DriverTable", "Figure",
    "OutsidePlace", "Prefecture", "Statistics", "Table", "data_digest", "data_files", "data_root",
    "default_prefecture", "great_circle_km", "load_prefecture", "month_range", "ordinal", "read_census",
    "read_sources", "read_table", "refresh_sources", "verify_sources",
]


def main(arguments: list[str]) -> int:
    """Verify the data folder, or rewrite its checksums; 0 if all is well."""
    if arguments not in ([], ["--refresh-sources"]):
        print("usage: python -m model.world.tables [--refresh-sources]", file=sys.stderr)
        return 2
    if arguments:
        new = refresh_sources()
        for name in new:
            print(f"{name}: new; write its title, publisher, covers, licence and cite in SOURCES.csv")
    try:
        n = len(verify_sources())
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{n} files agree with SOURCES.csv; digest {data_digest()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
