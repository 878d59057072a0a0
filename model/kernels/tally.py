"""One pass over the people: whole-number counts by unit from which the indicators are made."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from model.spec.codes import Activity, Flag, Tenure

EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
INSURED, CONTRACT = int(Flag.INSURED), int(Flag.CONTRACT)
RENTED, PUBLIC, DORM = int(Tenure.RENTED), int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)

LOCAL, NEWCOMER, RURAL = 0, 1, 2
GROUPS: Final = ("local", "newcomer", "rural")
PERSONS, ADULTS, AT_WORK, WITH_INSURANCE, STABLE, SECURITY, INCOME, SAME_COUNTY = range(8)
FIELDS: Final = 8
STABLE_MONTHS: Final = 12
SECURITY_RENTED, SECURITY_PUBLIC, SECURITY_DORM = 50, 80, 30
"""Tenure security of tenants against 100 for owners, in hundredths (assumed)."""


@njit(cache=True)
def tally(
    month, n, household, birth, usual, hukou, activity, job_since, flags, unit_of, urban, tenure, split_tenure,
    income, size, place, person_place, n_units,
):
    """Counts int64[U, 3, 8] of usual residents by group and field, and registered people int64[U, 2].

    Groups: urban residents registered in an urban place of the same unit (local), other urban residents
    (newcomer), rural residents. SECURITY is in hundredths; INCOME sums yuan per member and month.
    """
    out = np.zeros((n_units, 3, FIELDS), np.int64)
    registered = np.zeros((n_units, 2), np.int64)
    for i in range(n):
        h = household[i]
        if h < 0:
            continue
        home = unit_of[hukou[i]]
        if home >= 0:
            registered[home, 0] += 1
            registered[home, 1] += urban[hukou[i]]
        unit = unit_of[usual[i]]
        if unit < 0:
            continue
        if urban[usual[i]]:
            group = LOCAL if home == unit and urban[hukou[i]] else NEWCOMER
        else:
            group = RURAL
        row = out[unit, group]
        row[PERSONS] += 1
        row[SAME_COUNTY] += home == unit
        row[INCOME] += income[h] // max(1, int(size[h]))
        row[SECURITY] += _security(tenure[h] if person_place[i] == place[h] else split_tenure[h])
        if month - birth[i] >= 180:
            row[ADULTS] += 1
            if activity[i] == EMPLOYED:
                row[AT_WORK] += 1
                row[WITH_INSURANCE] += (flags[i] & INSURED) != 0
                row[STABLE] += (flags[i] & CONTRACT) != 0 or month - job_since[i] >= STABLE_MONTHS
    return out, registered


@njit(inline="always", cache=True)
def _security(tenure):
    if tenure == RENTED:
        return SECURITY_RENTED
    if tenure == PUBLIC:
        return SECURITY_PUBLIC
    return SECURITY_DORM if tenure == DORM else 100


@njit(cache=True)
def renters(n, head, size, tenure, place, income, unit_of, n_units):
    """Tenant households by unit: int64[U, 4] of households, members, yuan of monthly income, and people alone."""
    out = np.zeros((n_units, 4), np.int64)
    for h in range(n):
        unit = unit_of[place[h]]
        if head[h] >= 0 and tenure[h] == RENTED and unit >= 0:
            out[unit, 0] += 1
            out[unit, 1] += size[h]
            out[unit, 2] += income[h]
            out[unit, 3] += size[h] == 1
    return out
