"""A life as lines of text, month by month, in English or Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.life import labels
from analysis.life.events import Happening, age, happenings, has_job
from analysis.life.labels import say, word
from analysis.life.words import Words
from analysis.screen import columns
from model.spec.codes import Config
from model.trace import Alternative, Decision, LivedMonth, Settling, Trigger, Wish, takes_offer

if TYPE_CHECKING:
    from analysis.life.lives import Life, Window

SHOWN: Final = 5
INDENT: Final = "  "
SHOCKS: Final = ("nest_shock", "taste", "fresh", "tenure_shock")
AT_HOME: Final = 0


class Teller:
    """Tells the months of one life. shown: how many alternatives of a decision are printed."""

    def __init__(self, life: Life, lang: str, shown: int = SHOWN) -> None:
        self.life, self.lang, self.shown = life, lang, shown
        self.words = Words(life.world, lang)
        self._settling: tuple[Any, ...] | None = None

    def title(self, window: Window) -> str:
        """Whose life this is."""
        made, w = self.life.made, self.words
        return say(
            "title", self.lang, uid=self.life.uid, scenario=word(self.life.scenario.title, self.lang),
            first=w.month(window.first), last=w.month(window.last), seed=made.seed, scale=made.scale,
        )

    def start(self) -> str:
        """The person and the household at the start."""
        seen, w = self.life.months[0].opening, self.words
        assert seen is not None
        person, home = seen.person, seen.home
        job = say(
            "job", self.lang, sector=w.sector(person["sector"]), market=w.market(person["job_market"]),
            pay=money(person["wage_yuan"]),
        ) if has_job(person) else ""
        return say(
            "start", self.lang, sex=w.code(labels.SEX, person["sex"]), age=age(person, 0), job=job,
            education=w.code(labels.EDUCATION, person["education"]), place=w.place(person["place"]),
            activity=w.code(labels.ACTIVITY, person["activity"]), hukou=w.place(person["hukou"]),
            size=int(home["size"]), origin=w.place(home["origin"]), config=w.code(labels.CONFIG, home["config"]),
            tenure=w.code(labels.TENURE, home["tenure"]), land=home["land_mu"],
            wealth=money((home["savings_fen"] - home["debt_fen"]) / 100.0),
        )

    def month(self, lived: LivedMonth) -> list[str]:
        """Everything that happened in a month; empty when nothing did. Months must be told in their order."""
        by_phase: dict[str, list[Happening]] = {}
        for thing in happenings(lived):
            by_phase.setdefault(thing.phase, []).append(thing)
        lines: list[str] = []
        for phase in lived.after:
            if phase == "relocation":
                weighs = lived.decision is not None
                lines += self.trigger(lived.trigger, weighs) if lived.trigger is not None else []
                lines += self.decision(lived.decision) if lived.decision is not None else []
            happened = by_phase.get(phase, [])
            if phase == "housing" and lived.wish is not None:
                lines += self.wish(lived.wish, any(x.kind == "bought" for x in happened))
            if phase == "settlement":
                lines += self.settling(lived.settling, any(x.kind == "registered" for x in happened))
            lines += [self.happening(x, lived) for x in happened]
        return lines

    def happening(self, thing: Happening, lived: LivedMonth) -> str:
        """One sentence."""
        facts, w = dict(thing.facts), self.words
        member = facts.pop("member", None)
        if thing.who is not None:
            for seen in (*lived.after.values(), lived.opening):
                if member is None and seen is not None:
                    member = seen.members.get(thing.who)
            facts["who"] = w.who(thing.who, self.life.uid, member, lived.index)
        render = {
            "place": w.place, "old": w.place, "new": w.place, "split_place": w.place, "market": w.market,
            "sector": w.sector, "pay": money, "size": int,
            "sex": lambda x: w.code(labels.CHILD, x), "education": lambda x: w.code(labels.EDUCATION, x),
            "activity": lambda x: w.code(labels.ACTIVITY, x), "config": lambda x: w.code(labels.CONFIG, x),
            "tenure": lambda x: w.code(labels.TENURE, x), "split_tenure": lambda x: w.code(labels.TENURE, x),
        }
        told = {key: render[key](value) if key in render else value for key, value in facts.items()}
        told |= {"apart": told.get("split_place"), "apart_tenure": told.get("split_tenure")}
        return word(labels.HAPPENED[thing.kind], self.lang).format(**told)

    def chance(self, trigger: Trigger) -> str:
        """Hazards and draw in one line, whatever came of them."""
        return say(
            "trigger_chance", self.lang, base=trigger.base, events=self._events(trigger), back=self._back(trigger),
            chance=trigger.chance, drawn=trigger.drawn,
        )

    def _events(self, trigger: Trigger) -> str:
        return "".join(
            say("plus_event", self.lang, event=word(labels.EVENT[str(e.name)], self.lang), hazard=x)
            for e, x in trigger.events.items()
        )

    def _back(self, trigger: Trigger) -> str:
        return say("plus_back", self.lang, hazard=trigger.back) if trigger.back > 0.0 else ""

    def trigger(self, trigger: Trigger, weighs: bool = True) -> list[str]:
        """Why the household thought again, or that it had a reason and did not. weighs: whether a decision follows."""
        if trigger.outcome == 0 and not trigger.events:
            return []
        outcome = say("held" if trigger.outcome and not weighs else f"outcome{trigger.outcome}", self.lang)
        if trigger.outcome == 0:
            events = say("comma", self.lang).join(
                say("event_hazard", self.lang, event=word(labels.EVENT[str(e.name)], self.lang), hazard=x)
                for e, x in trigger.events.items()
            )
            drawn = trigger.drawn
            return [say("reason", self.lang, events=events, chance=trigger.chance, drawn=drawn, outcome=outcome)]
        return [say(
            "trigger", self.lang, base=trigger.base, events=self._events(trigger), back=self._back(trigger),
            chance=trigger.chance, drawn=trigger.drawn, outcome=outcome,
        )]

    def decision(self, decision: Decision) -> list[str]:
        """The alternatives of highest value with their parts and shocks, and what was chosen."""
        ks = ranked(decision)[: self.shown]
        present = decision.current not in ks
        lines = [say("offered", self.lang)] if decision.offered else []
        lines += [say(
            "weighed", self.lang, n=sum(x.competes for x in decision.alternatives), shown=len(ks),
            and_present=say("and_present", self.lang) if present else "",
        )]
        ks += [decision.current] if present else []
        table = columns([self.table_head(), *(self.table_row(decision, k) for k in ks)])
        lines += [INDENT + line for line in table]
        chosen = decision.alternatives[decision.chosen]
        if decision.chosen == decision.current:
            return [*lines, say("stayed", self.lang)]
        if decision.offered and not takes_offer(decision, self.life.world):
            return [*lines, say("declined", self.lang)]
        return [*lines, say(
            "chose", self.lang, config=self.config(chosen), place=self.words.place(chosen.place),
            probability=chosen.probability,
        )]

    def table_head(self) -> list[str]:
        """Names of the columns of a decision."""
        parts = [word(labels.PART[key], self.lang) for key in labels.PART if key != "other"]
        keys = ("utility", "nest", "taste", "fresh", "tenure_shock", "value", "odds")
        return [say("head", self.lang), say("yuan", self.lang), *parts, *(say(key, self.lang) for key in keys)]

    def table_row(self, decision: Decision, k: int) -> list[str]:
        """One alternative."""
        x = decision.alternatives[k]
        numbers = [*list(grouped(x.parts).values())[:-1], x.utility, *(getattr(x, key) for key in SHOCKS), x.value]
        return [
            self.alternative(decision, k), money(x.income_yuan), *(f"{number:.2f}" for number in map(tidy, numbers)),
            f"{x.probability:.1%}",
        ]

    def alternative(self, decision: Decision, k: int) -> str:
        """Where and how, marked when chosen and when present."""
        x = decision.alternatives[k]
        name = self.words.place(x.place) + say("comma", self.lang) + self.config(x)
        name += say("present", self.lang) if k == decision.current else ""
        return (say("chosen_mark", self.lang) if k == decision.chosen else INDENT) + name

    def config(self, x: Alternative) -> str:
        """How an alternative lives, and in what dwelling away from home."""
        w = self.words
        if x.config == Config.COMMUTE:
            return say("commuting_to", self.lang, market=w.market(x.market))
        how = w.code(labels.CONFIG, x.config)
        how = say("away_from", self.lang, main=w.place(x.main)) if x.slot != x.config else how
        return how if x.nest == AT_HOME else how + say("comma", self.lang) + w.code(labels.TENURE, x.tenure)

    def wish(self, wish: Wish, bought: bool) -> list[str]:
        """An attempt to buy."""
        return [say(
            f"wish_{wish.reason}", self.lang, place=self.words.place(wish.place),
            chance=wish.chance, drawn=wish.drawn, price=money(wish.price_yuan), down=money(wish.down_yuan),
            savings=money(wish.savings_yuan), outcome=say("wish_yes" if bought else "wish_no", self.lang),
        )]

    def settling(self, settling: Settling | None, registered: bool) -> list[str]:
        """Where the household stands with registration: told when that changes, and when it registers."""
        if settling is None:
            self._settling = None
            return []
        answers = {key: settling.draws[key] < limit for key, limit in settling.limits.items()}
        state = (settling.place, settling.route, *answers.values())
        if state == self._settling and not registered:
            return []
        self._settling = state
        traits = say("semicolon", self.lang).join(
            say("trait", self.lang, trait=word(labels.TRAIT[key], self.lang), drawn=settling.draws[key], limit=limit,
                answer=say("yes" if answers[key] else "no", self.lang))
            for key, limit in settling.limits.items()
        )
        chance = "" if settling.route == "none" else say(
            "settling_chance", self.lang, month=settling.chance_month, year=settling.chance_year, drawn=settling.drawn,
            outcome=say("settled" if registered else "not_settled", self.lang),
            terms=say("comma", self.lang).join(
                f"{word(labels.TERM[key], self.lang)} {x:+.2f}" for key, x in settling.logit.items() if x != 0.0
            ),
        )
        return [say(
            "settling", self.lang, place=self.words.place(settling.place), traits=traits, chance=chance,
            route=word(labels.ROUTE[settling.route], self.lang),
        )]

    def legend(self) -> str:
        """What the columns of a decision mean."""
        parts = say("comma", self.lang).join(
            say("gloss", self.lang, word=word(labels.PART[key], self.lang),
                meaning=word(labels.PART_MEANING[key], self.lang))
            for key in labels.PART if key != "other"
        )
        return say("columns", self.lang, parts=parts)


def ranked(decision: Decision) -> list[int]:
    """Alternatives that compete, the most valued first."""
    ks = [k for k, x in enumerate(decision.alternatives) if x.competes]
    return sorted(ks, key=lambda k: -decision.alternatives[k].value)


def grouped(parts: dict[str, float]) -> dict[str, float]:
    """Parts of a utility as the columns of the printed table, in the order of `labels.PART`."""
    out = {key: sum(parts[part] for part in labels.PARTS_TOGETHER.get(key, ())) for key in labels.PART}
    named = {part for together in labels.PARTS_TOGETHER.values() for part in together}
    out["other"] = sum(value for part, value in parts.items() if part not in named)
    return out


def tidy(number: float) -> float:
    """Two decimals, and no minus before a zero."""
    return round(number, 2) + 0.0


def money(yuan: float) -> str:
    """Whole yuan."""
    return f"{yuan:,.0f}"


def tell(life: Life, window: Window, lang: str, shown: int = SHOWN) -> list[str]:
    """One life: its start, then the months in which something happened."""
    teller = Teller(life, lang, shown)
    lines = [teller.title(window), "", teller.start(), ""]
    body, weighed = [], False
    for lived in life.months:
        told = teller.month(lived)
        if told and window.first <= lived.index <= window.last:
            body += [teller.words.month(lived.index), *(INDENT + line for line in told)]
            weighed |= lived.decision is not None
    legend = ["", teller.legend()] if weighed else []
    return [*lines, *(body or [say("nothing", lang)]), *legend]
