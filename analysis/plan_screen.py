"""Targets as rows of a table file and as lines for a screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from analysis.plan_books import ORDER
from analysis.plan_measures import STATES, leaning_left
from analysis.plan_targets import Standing

WIDEST: Final = 34
HEAD: Final = {
    "en": ("target", "kind", "scope", "deadline", "asked", "unit", "state"),
    "zh": ("目标", "类别", "范围", "期限", "要求", "单位", "状态"),
}
LIVED: Final = {"en": ("reached", "probability", "gap"), "zh": ("达到", "概率", "差距")}
REASON: Final = {"en": "how, or why not", "zh": "算法或理由"}
NOTE: Final = {
    "en": "reached: mean over seeds, of several places the worst; probability: share of seeds in which it is met; gap: "
          "beyond (+) or short of (-)\nthe target. Conditional on the model and its parameters. Undelivered is unmet; "
          "a target without a deadline is judged in the last month.",
    "zh": "达到：各次重复的均值，多个县区取最差者；概率：达标的重复占比；差距：超出为正，不足为负。\n"
          "以模型与参数为条件。未交付即未达标；无期限的目标按模拟末月判断。",
}


def table(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """The rows of `plan targets --csv`: the keys of `--json`, lists as text, what is not known empty."""
    made = [standing.to_json() for standing in standings]
    return [{key: _cell(value) for key, value in row.items()} for row in made]


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "|".join(f"{item:g}" if isinstance(item, float) else str(item) for item in value)
    return "" if value is None else value


def lines(standings: Sequence[Standing], lang: str) -> list[str]:
    """Lines for a screen: one row a target, the scenarios side by side."""
    zh = lang == "zh"
    lang = "zh" if zh else "en"
    scenarios = list(dict.fromkeys(s.scenario for s in standings))
    head = [*HEAD[lang], *(f"{name} {word}" for name in scenarios for word in LIVED[lang]), REASON[lang]]
    by_target: dict[str, dict[str, Standing]] = {}
    for standing in standings:
        by_target.setdefault(standing.target.id, {})[standing.scenario] = standing
    rows = [head]
    for of in by_target.values():
        first = next(iter(of.values()))
        t = first.target
        named = t.title_zh if zh else t.id
        row = [clipped(named), t.kind, clipped(t.scope), str(t.deadline or "-"), t.value_text, clipped(t.unit)]
        row.append(STATES[first.rule.state][zh])
        for name in scenarios:
            row += [number(of[name].reached), number(of[name].probability), number(of[name].gap, "+")]
        rows.append([*row, first.reason[zh]])
    return [*leaning_left(rows), "", *(counted(standings, name, lang) for name in scenarios), "", NOTE[lang]]


def clipped(text: str) -> str:
    """Long text cut for a column of the screen; `--csv` and `--json` have all of it."""
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def number(value: float | None, sign: str = "") -> str:
    """Four digits; a dash for what is not known."""
    return "-" if value is None else f"{value:{sign},.4g}"


def counted(standings: Sequence[Standing], scenario: str, lang: str) -> str:
    """One line: how many targets of each state, and how many the scenario meets in most seeds."""
    own = [s for s in standings if s.scenario == scenario]
    found = Counter(s.rule.state for s in own)
    judged = [s.probability for s in own if s.probability is not None]
    met = sum(p > 0.5 for p in judged)
    if lang == "zh":
        states = "，".join(f"{STATES[state][1]}{found[state]}项" for state in ORDER)
        return f"{scenario}：{len(own)}项目标（{states}）；可判断{len(judged)}项，其中过半重复达标{met}项"
    states = ", ".join(f"{found[state]} {state}" for state in ORDER)
    return f"{scenario}: {len(own)} targets ({states}); {len(judged)} judged, {met} met in most seeds"
