"""Saying in words what a scenario does and where each value comes from, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from model.spec.registry import REGISTRY
from model.spec.types import Lever, Param, Text
from model.spec.units import UnitError, unit
from scenarios.places import Ground, load_ground
from scenarios.problems import Problem, ProblemsError, did_you_mean
from scenarios.render import HEADER, flow, live
from scenarios.schedule import Setting, month_text

if TYPE_CHECKING:
    from scenarios.api import Scenario

LANGUAGES: Final = ("en", "zh")
WORDS: Final[dict[str, Text]] = {
    "practice": Text(en="current practice", zh="现行做法"),
    "central": Text(en="central value", zh="中心值"),
    "nothing": Text(en="{title}: no lever and no parameter differs from current practice.",
                    zh="{title}：各项政策与参数均与现行做法相同。"),
    "title": Text(en="{title} differs from current practice in {n} settings ({everywhere} unless others are named):",
                  zh="{title}与现行做法的不同共{n}项（未注明地点者适用于{everywhere}）："),
    "run": Text(en="Lived from {start} to {end}, future `{future}`, {percent} of the population, seeds {seeds}.",
                zh="模拟{start}至{end}，外部情景{future}，人口抽样{percent}，随机种子{seeds}。"),
    "value": Text(en="{x}", zh="{x}"),
    "total": Text(en="{x} in all", zh="合计{x}"),
    "times": Text(en="{n} times current practice", zh="现行的{n}倍"),
    "add": Text(en="{x} more than current practice", zh="在现行基础上增加{x}"),
    "less": Text(en="{x} less than current practice", zh="在现行基础上减少{x}"),
    "ramp": Text(en="gradually {points}", zh="逐步调整：{points}"),
    "steps": Text(en="in steps {points}", zh="分步调整：{points}"),
    "point": Text(en="{x} in {month}", zh="{month}为{x}"),
    "series": Text(en="month by month, {count} numbers between {low} and {high}",
                   zh="逐月给定{count}个数值，介于{low}与{high}之间"),
    "against": Text(en="{said} ({against})", zh="{said}（{against}）"),
    "now": Text(en="now {x}", zh="现行{x}"),
    "now_of_all": Text(en="now {x} in the whole prefecture", zh="现行全市合计{x}"),
    "from": Text(en="from {month}", zh="自{month}起"),
    "to": Text(en="to {month}", zh="至{month}止"),
    "from_to": Text(en="from {first} to {last}", zh="{first}至{last}"),
    "everywhere": Text(en="in all {n} counties and districts", zh="全部{n}个县(区)"),
    "some": Text(en="in {names} ({k} of {n})", zh="{names}（{n}个县（区）中的{k}个）"),
    "param": Text(en="{x} (central value {default})", zh="{x}（中心值{default}）"),
    "so": Text(en="so", zh="结果"),
    "comma": Text(en=", ", zh="，"),
    "list": Text(en=", ", zh="、"),
    "colon": Text(en=": ", zh="："),
    "base": Text(en="base", zh="底本"),
    "extends": Text(en="extends", zh="继承"),
    "mix": Text(en="mix", zh="组合"),
    "set": Text(en="set", zh="设定"),
    "command line": Text(en="command line", zh="命令行"),
}
"""Every word printed here; what levers and places are called stands in the registry and in the data."""


def explain(scenario: Scenario, key: str | None = None, lang: str = "en") -> str:
    """The chain of files behind one key, or without a key what differs from current practice, as sentences.

    key: `levers.x`, `params.x` (or just `x`), or a key of the file such as `scale`. lang: `en` or `zh`.
    Raises ProblemsError for a key that does not exist.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"lang is one of {', '.join(LANGUAGES)}, not {lang}")
    teller = _Teller(scenario, lang)
    return teller.everything() if key is None else teller.chain(_full(key))


def _full(key: str) -> str:
    kind, _, name = key.partition(".")
    declared: dict[str, Mapping[str, Any]] = {"levers": REGISTRY.levers, "params": REGISTRY.params}
    if (kind in declared and name in declared[kind]) or kind in HEADER:
        return key
    for kind_, keys in declared.items():
        if key in keys:
            return f"{kind_}.{key}"
    known = [*REGISTRY.levers, *REGISTRY.params, *HEADER]
    text = "unknown key" + did_you_mean(name if kind in declared else key, known)
    raise ProblemsError([Problem.asked(key, text)])


class _Teller:
    def __init__(self, scenario: Scenario, lang: str) -> None:
        self.scenario, self.lang = scenario, lang
        self.ground: Ground = load_ground(scenario.prefecture)

    def say(self, word: str, **values: Any) -> str:
        return self.of(WORDS[word]).format(**values)

    def of(self, text: Text) -> str:
        return text.zh if self.lang == "zh" else text.en

    def amount(self, number: float, unit_text: str) -> str:
        """A number with its unit; shares and ratios go without."""
        shown = f"{number:,.10g}"
        try:
            read = unit(unit_text)
        except UnitError:
            return f"{shown} {unit_text}"
        if not read.dimension and unit_text in ("share", "ratio", "level"):
            return shown
        return f"{shown}{'' if self.lang == 'zh' else ' '}{read.label(self.lang)}"

    # ---- without a key ----------------------------------------------------------------------------------------

    def everything(self) -> str:
        scenario = self.scenario
        title = self.of(scenario.title)
        sentences = [
            f"{self.of(REGISTRY.levers[key].text)}{self.say('colon')}{self.setting(REGISTRY.levers[key], setting)}"
            for key, settings in scenario.levers.items()
            for setting in settings
        ]
        for key, number in scenario.params.items():
            param = REGISTRY.params[key]
            sentences.append(f"{self.of(param.text)} ({key}){self.say('colon')}{self.param(param, number)}")
        if sentences:
            everywhere = self.say("everywhere", n=self.ground.prefecture.n_units)
            head = self.say("title", title=title, n=len(sentences), everywhere=everywhere)
        else:
            head = self.say("nothing", title=title)
        last = scenario.seeds.first + scenario.seeds.count - 1
        run = self.say(
            "run", start=scenario.start, end=scenario.end, future=scenario.future,
            percent=_percent(scenario.scale), seeds=f"{scenario.seeds.first}-{last}",
        )
        return "\n".join([head, *(f"- {sentence}" for sentence in sentences), run])

    def setting(self, lever: Lever, setting: Setting) -> str:
        """One setting as part of a sentence: what, against what, where, when."""
        parts = [self.what(lever, setting), self.where(setting), self.when(setting)]
        now = self.amount(lever.practice, lever.unit)
        against = self.say("now_of_all" if lever.apportion else "now", x=now)
        said = self.say("comma").join(part for part in parts if part)
        return self.say("against", said=said, against=against)

    def what(self, lever: Lever, setting: Setting) -> str:
        first = setting.numbers[0]
        match setting.kind:
            case "value":
                return self.say("total" if lever.apportion else "value", x=self.amount(first, lever.unit))
            case "times":
                return self.say("times", n=f"{first:.10g}")
            case "add":
                return self.say("add" if first >= 0 else "less", x=self.amount(abs(first), lever.unit))
            case "series":
                low, high = (self.amount(end(setting.numbers), lever.unit) for end in (min, max))
                return self.say("series", count=len(setting.numbers), low=low, high=high)
        points = [
            self.say("point", x=self.amount(number, lever.unit), month=month_text(date))
            for date, number in zip(setting.dates, setting.numbers)
        ]
        return self.say(setting.kind, points=self.say("list").join(points))

    def where(self, setting: Setting) -> str:
        prefecture = self.ground.prefecture
        if setting.where is None:
            return ""
        chosen = self.ground.mask(setting)
        known = prefecture.unit_names_zh if self.lang == "zh" else prefecture.unit_names_en
        names = [name for name, is_chosen in zip(known, chosen) if is_chosen]
        return self.say("some", names=self.say("list").join(names), k=len(names), n=prefecture.n_units)

    def when(self, setting: Setting) -> str:
        first, last = (None if month is None else month_text(month) for month in (setting.first, setting.last))
        if first and last:
            return self.say("from_to", first=first, last=last)
        if first:
            return self.say("from", month=first)
        return self.say("to", month=last) if last else ""

    def param(self, param: Param, number: float) -> str:
        return self.say("param", x=self.amount(number, param.unit), default=f"{param.default:,.10g}")

    # ---- with a key -------------------------------------------------------------------------------------------

    def chain(self, key: str) -> str:
        """Each file, line and value written for a key, weakest first; what still stands is marked with *."""
        kind, _, name = key.partition(".")
        head, rows = key, []
        if kind in ("levers", "params"):
            declared = (REGISTRY.levers if kind == "levers" else REGISTRY.params)[name]
            head = f"{key}  {self.of(declared.text)}"
            default = declared.practice if isinstance(declared, Lever) else declared.default
            word = "practice" if isinstance(declared, Lever) else "central"
            rows.append((" ", self.say(word), declared.source, self.amount(default, declared.unit)))
        standing = [id(origin) for _, origin in live(self.scenario.origins, key)]
        for path, origin in self.scenario.origins:
            if path == key or path.startswith(key + ".") or (key + ".").startswith(path + "."):
                below = path.removeprefix(key).removeprefix(".")
                text = f"{below}: {flow(origin.value)}" if below else flow(origin.value)
                text = "!reset" if origin.value == "!reset" else text
                mark = "*" if id(origin) in standing else " "
                rows.append((mark, self.say(origin.layer), str(origin.spot), text))
        lines = [head, *_table(rows)]
        if kind == "levers":
            lever = REGISTRY.levers[name]
            for setting in self.scenario.levers.get(name, ()):
                lines.append(f"{self.say('so')}{self.say('colon')}{self.setting(lever, setting)}")
        return "\n".join(lines)


def _table(rows: list[tuple[str, str, str, str]]) -> list[str]:
    def wide(text: str) -> int:
        return sum(2 if ord(char) > 0x2E80 else 1 for char in text)

    widths = [max(wide(row[column]) for row in rows) for column in range(3)]
    return [
        "  " + "  ".join([*(cell + " " * (width - wide(cell)) for cell, width in zip(row, widths)), row[3]])
        for row in rows
    ]


def _percent(scale: float | str) -> str:
    return scale if isinstance(scale, str) else f"{100 * scale:.10g}%"
