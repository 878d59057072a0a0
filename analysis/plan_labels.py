"""Words of the plan's books in two languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from model.spec.types import Carried, Text

STATES: Final[dict[str, Text]] = {
    Carried.SIMULATED: Text(en="simulated", zh="机制模拟"),
    Carried.DELIVERED: Text(en="delivered", zh="按项目交付"),
    Carried.TRACKED: Text(en="tracked", zh="仅作跟踪"),
}
"""From the strongest to the weakest."""

HEADS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "measures": {
        "en": ("section", "measure", "title", "lever", "channel", "state", "reason"),
        "zh": ("章节", "措施", "名称", "政策变量", "渠道", "状态", "理由"),
    },
    "targets": {
        "en": ("target", "kind", "scope", "deadline", "asked", "unit", "state"),
        "zh": ("目标", "类别", "范围", "期限", "要求", "单位", "状态"),
    },
    "reached": {"en": ("reached", "probability", "gap"), "zh": ("达到", "概率", "差距")},
    "reason": {"en": ("how, or why not",), "zh": ("算法或理由",)},
}

WORDS: Final[dict[str, Text]] = {
    "simulated_by": Text(
        en="its lever changes {states}, which the months read", zh="政策变量改变{states},逐月模拟读取",
    ),
    "month_not_lived": Text(en="{month} is not lived in this run", zh="本次模拟不含{month}"),
    "no_place": Text(en="no place is in its scope", zh="适用范围内无县区"),
    "not_defined": Text(en="not defined in a place of its scope", zh="适用范围内有县区无定义"),
    "part_unknown": Text(en="one of the targets that make it up is not known", zh="构成目标中有未知者"),
    "lever_tracked": Text(en="its lever {lever} is only tracked: {reason}", zh="对应政策变量{lever}仅作跟踪:{reason}"),
    "measures": Text(en="{n} measures on {levers} levers: {states}", zh="{n}项措施，{levers}个政策变量：{states}"),
    "targets": Text(
        en="{scenario}: {n} targets ({states}); {judged} judged, {met} met in most seeds",
        zh="{scenario}：{n}项目标（{states}）；可判断{judged}项，其中过半重复达标{met}项",
    ),
    "note": Text(
        en="reached: mean over seeds, of several places the worst; probability: share of seeds in which it is met;\n"
           "gap: beyond (+) or short of (-) the target. Conditional on the model and its parameters. Undelivered is\n"
           "unmet; a target without a deadline is judged in the last month.",
        zh="达到：各次重复的均值，多个县区取最差者；概率：达标的重复占比；差距：超出为正，不足为负。\n"
           "以模型与参数为条件。未交付即未达标；无期限的目标按模拟末月判断。",
    ),
}


def say(key: str, lang: str, **values: object) -> str:
    """One of `WORDS` in one language, filled in."""
    return str(getattr(WORDS[key], lang)).format(**values)


def state(found: Carried, lang: str) -> str:
    """A state as it is printed."""
    return str(getattr(STATES[found], lang))


def counted(found: Iterable[Carried], lang: str) -> str:
    """How many there are of each state."""
    numbers = Counter(found)
    if lang == "zh":
        return "，".join(f"{text.zh}{numbers[key]}项" for key, text in STATES.items())
    return ", ".join(f"{numbers[key]} {text.en}" for key, text in STATES.items())
