"""Small integer codes used in state columns, each with its labels.

Codes are part of saved files: append, never renumber.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final


class Kind(IntEnum):
    """Kind of place (and of market)."""

    VILLAGE = 0
    TOWN = 1
    SEAT = 2
    CORE = 3
    OUTSIDE = 4


class Education(IntEnum):
    """The seven schooling levels of the census."""

    NONE = 0
    PRESCHOOL = 1
    PRIMARY = 2
    JUNIOR = 3
    SENIOR = 4
    COLLEGE = 5
    BACHELOR = 6


class Activity(IntEnum):
    """Main activity of a person."""

    CHILD = 0
    PUPIL = 1
    EMPLOYED = 2
    UNEMPLOYED = 3
    INACTIVE = 4
    RETIRED = 5


class Config(IntEnum):
    """Living arrangement of a household (model.md E9, E12)."""

    WHOLE = 0
    COMMUTE = 1
    WORKER_AWAY = 2
    CHILD_TOWN = 3
    COUPLE_AWAY = 4


class Tenure(IntEnum):
    """Tenure of the dwelling in which the main body of a household lives."""

    SELF_BUILT = 0
    OWNED = 1
    RENTED = 2
    PUBLIC_RENTAL = 3
    DORMITORY = 4
    OTHER = 5


class Homestead(IntEnum):
    """State of the village house plot of a household."""

    NONE = 0
    IN_USE = 1
    IDLE = 2
    LEASED = 3
    EXITED = 4


class Service(IntEnum):
    """Public services with capacity, load and quality."""

    SCHOOL = 0
    KINDERGARTEN = 1
    CHILDCARE = 2
    HOSPITAL = 3
    ELDER_CARE = 4
    CULTURE = 5


class Skill(IntEnum):
    """Three skill groups, from education."""

    LOW = 0
    MIDDLE = 1
    HIGH = 2


class Flag(IntFlag):
    """Yes/no facts about a person, one bit each."""

    INSURED = 1
    CONTRACT = 2
    MARRIED = 4
    AWARE = 8
    PRIOR_MIGRANT = 16
    APART = 32
    CARE_NEED = 64
    COLLEGE_AWAY = 128
    TRAINED = 512
    ON_LEAVE = 1024
    RELOCATED = 4096


class Event(IntFlag):
    """Things that make a household think again (model.md E1), one bit each."""

    JOB_LOSS = 1
    WEDDING = 2
    BIRTH = 4
    CHILD_3 = 8
    CHILD_6 = 16
    CHILD_12 = 32
    CHILD_15 = 64
    SCHOOL_CLOSED = 128
    LEASE_END = 256
    PARENT_CARE = 512
    OFFER = 1024
    DEATH = 2048


class Sector(IntEnum):
    """The nineteen industries in census order."""

    FARMING = 0
    MINING = 1
    MANUFACTURING = 2
    UTILITIES = 3
    CONSTRUCTION = 4
    TRADE = 5
    TRANSPORT = 6
    CATERING = 7
    ICT = 8
    FINANCE = 9
    REAL_ESTATE = 10
    BUSINESS = 11
    SCIENCE = 12
    PUBLIC_FACILITIES = 13
    RESIDENT_SERVICES = 14
    EDUCATION = 15
    HEALTH = 16
    CULTURE = 17
    PUBLIC_ADMIN = 18


NO_SECTOR: Final = 255
NO_PLACE: Final = -1
N_SECTORS: Final = len(Sector)
N_SERVICES: Final = len(Service)
N_SKILLS: Final = len(Skill)
