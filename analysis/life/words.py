"""Names of places, people and codes in one language, for one world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.life import labels
from analysis.life.labels import say, word
from model.recorder import market_keys
from model.spec.codes import NO_PLACE, NO_SECTOR, Kind
from scenarios.schedule import month_text

if TYPE_CHECKING:
    from model.state.world import World

VILLAGE_MARKET, TOWN_MARKET = 0, 1


class Words:
    """Renders rows and codes of one world in one language ("en" or "zh")."""

    def __init__(self, world: World, lang: str) -> None:
        self.lang = lang
        self.prefecture, self.geography, self.places = world.prefecture, world.geography, world.places
        self.start = world.input.start_ordinal
        self.n_units = world.n_units

    def month(self, index: int) -> str:
        """`YYYY-MM` of a month of the run."""
        return month_text(self.start + index)

    def unit(self, u: int) -> str:
        """Name of a county or district."""
        names = self.prefecture.unit_names_zh if self.lang == "zh" else self.prefecture.unit_names_en
        return names[u]

    def place(self, row: float) -> str:
        """Name of a place."""
        p = int(row)
        if p == NO_PLACE:
            return say("none", self.lang)
        u, kind = int(self.places.unit[p]), self.places.kind[p]
        if u < 0:
            return self._outside(int(self.places.market[p]) - 3 * self.n_units)
        number = p - int(self.geography.first_village[u]) + 1
        return self._inside(u, kind, number)

    def market(self, row: float) -> str:
        """Name of a market."""
        m = int(row)
        if m >= 3 * self.n_units:
            return self._outside(m - 3 * self.n_units)
        u, part = divmod(m, 3)
        if part == VILLAGE_MARKET:
            return word(labels.PLACE["villages"], self.lang).format(unit=self.unit(u))
        kind = Kind.TOWN if part == TOWN_MARKET else Kind(self.places.kind[self.geography.seat_place[u]])
        return self._inside(u, kind, 0)

    def _outside(self, o: int) -> str:
        place = self.prefecture.outside[o]
        return place.name_zh if self.lang == "zh" else place.name_en

    def _inside(self, u: int, kind: int, number: int) -> str:
        if kind == Kind.SEAT:
            key = "seat" if self.prefecture.admin_levels[u] == "county" else "district"
        else:
            key = Kind(kind).name.lower()
        return word(labels.PLACE[key], self.lang).format(unit=self.unit(u), number=number)

    def place_key(self, row: float) -> str | None:
        """`unit/kind` or `unit/village/number`, the key of an outside place, None for none."""
        p = int(row)
        if p == NO_PLACE:
            return None
        u, kind = int(self.places.unit[p]), Kind(self.places.kind[p])
        if u < 0:
            return self.prefecture.outside_keys[int(self.places.market[p]) - 3 * self.n_units]
        key = f"{self.prefecture.unit_keys[u]}/{kind.name.lower()}"
        return f"{key}/{p - int(self.geography.first_village[u]) + 1}" if kind == Kind.VILLAGE else key

    def market_key(self, row: float) -> str:
        """Key of a market as in the results."""
        return market_keys(self.prefecture)[int(row)]

    def code(self, table: tuple[Any, ...], value: float) -> str:
        """Label of a code."""
        return word(table[int(value)], self.lang)

    def sector(self, value: float) -> str:
        """Label of an industry."""
        return say("none", self.lang) if int(value) == NO_SECTOR else self.code(labels.SECTOR, value)

    def job(self, sector: float, market: float) -> str:
        """Industry and market of a job."""
        if int(sector) == NO_SECTOR:
            return self.sector(sector)
        return say("job_at", self.lang, sector=self.sector(sector), market=self.market(market))

    def work(self, value: tuple[float, ...]) -> str:
        """Main activity, with industry and market of a job."""
        activity, sector, market = value
        return self.code(labels.ACTIVITY, activity) if int(sector) == NO_SECTOR else self.job(sector, market)

    def who(self, uid: int, self_uid: int, person: dict[str, float] | None, month: int) -> str:
        """The person, or a member by sex and age."""
        if uid == self_uid or person is None:
            return word(labels.WHO["self"], self.lang)
        years = int((month - person["birth"]) // 12)
        key = (("boy", "girl") if years < 15 else ("man", "woman"))[int(person["sex"])]
        return word(labels.WHO[key], self.lang).format(age=years)

    def aspect(self, key: str, value: Any) -> str:
        """One side of an aspect of a path, in words."""
        if value is None:
            return say("dead", self.lang)
        if key in ("place", "home_place", "owns", "hukou", "usual"):
            return self.place(value)
        tables = {
            "config": labels.CONFIG, "activity": labels.ACTIVITY, "education": labels.EDUCATION,
        }
        if key in tables:
            return self.code(tables[key], value)
        if key == "tenure":
            return say("and", self.lang).join(self.code(labels.TENURE, t) for t in value)
        if key == "job":
            return self.job(*value)
        if key in ("alive", "marriage", "insured"):
            return say("yes" if value else "no", self.lang)
        return str(len(value)) if key == "members" else str(value)
