"""docs/plan_measures.md and docs/plan_targets.md: the plan's own books, from its catalogues and the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from analysis import plan_books, plan_measures, plan_rules, plan_targets
from analysis.pages.tables import GENERATED, table
from analysis.plan_books import Measure, Rule, Target
from analysis.plan_labels import counted
from scenarios.parts import PARTS, home, part_of


def render_measures() -> str:
    """The text of docs/plan_measures.md."""
    found = plan_books.measures()
    parts = [
        "# Measures of the action plan · 行动方案的措施\n",
        GENERATED.format(source="data/plan"),
        f"{plan_measures.counted(found, 'en')}. `xiancheng plan measures` prints the same table.\n\n"
        f"{plan_measures.counted(found, 'zh')}。`xiancheng plan measures --lang zh` 输出同一张表。\n",
        "- **simulated** · 机制模拟: a mechanism that the months read answers to it; 逐月模拟中有机制对其作出反应。\n"
        "- **delivered** · 按项目交付: its cost, delay and stock are kept, behaviour does not answer; "
        "计费用、工期与存量,行为不作反应。\n"
        "- **tracked** · 仅作跟踪: nothing answers, and the reason is given; 无反应,并说明理由。\n",
        "A measure is carried as its lever is, unless it is carried less well; then it has a reason of its own. "
        "The mix is the part of the plan in which the lever is set.\n\n"
        "措施的状态与其政策变量相同;若政策变量只能部分承载,则单独说明理由。片段为设定该政策变量的部分。\n",
    ]
    for title, members in _by_part(found, lambda m: m.section):
        parts += [title, table(
            ("measure", "title · 名称", "lever", "channel", "mix", "state", "reason", "理由"),
            (_measure_row(m) for m in members),
        )]
    return "\n".join(parts)


def _measure_row(m: Measure) -> tuple[str, ...]:
    return (
        f"`{m.id}` {m.section}", f"{m.title_en} · {m.title_zh}", f"`{m.lever}`", m.channel, f"`{home(m.lever).name}`",
        str(m.state), m.reason_en, m.reason_zh,
    )


def render_targets() -> str:
    """The text of docs/plan_targets.md."""
    pairs = plan_targets.book()
    states = [rule.state for _, rule in pairs]
    parts = [
        "# Targets of the action plan · 行动方案的目标\n",
        GENERATED.format(source="data/plan"),
        f"{len(pairs)} targets: {counted(states, 'en')}. "
        "`xiancheng plan targets SCENARIO...` says what each scenario reached, the probability over seeds that it is "
        "met, and the gap.\n\n"
        f"{len(pairs)}项目标：{counted(states, 'zh')}。"
        "`xiancheng plan targets 情景…` 给出各情景达到的值、达标概率与差距。\n",
        _reading(),
        "## Rules · 计算规则\n",
        _rule_list(),
        "## Places that the text names together · 合并提及的地点\n",
        table(
            ("group", "members", "class", "why", "理由"),
            ((f"`{g.name}`", ", ".join(g.counties), g.confidence, g.reason_en, g.reason_zh)
             for g in plan_books.groups().values()),
        ),
    ]
    for title, members in _by_part(pairs, lambda pair: pair[0].section):
        parts += [title, table(
            ("target", "title · 名称", "scope", "deadline", "asked", "unit", "state", "rule", "start", "how · 算法"),
            (_target_row(t, r) for t, r in members),
        )]
    return "\n".join(parts)


def _reading() -> str:
    return (
        "- A target of several places is met when every one of them meets it, and the worst is reported.\n"
        "- Undelivered is unmet: what was only announced counts for nothing. With the delivered share at its default "
        "a programme set exactly to the target falls short, and that is the answer.\n"
        "- *Clearly up* without a number is read as strictly better than in the year of comparison.\n"
        "- Where a programme is money, what goes on in practice is taken to keep pace with wear and growth (assumed): "
        "only what is delivered beyond practice moves a start value.\n"
        "- A target without a deadline is judged in the last month of the run. One beyond it is not judged.\n"
        "- `=` is read as at least. Start values that are assumed say so.\n\n"
        "- 涉及多个县区的目标须全部达标,并报告最差者。\n"
        "- 未交付即未达标,仅有部署不计。交付比例取默认值时,恰按目标设定的项目也会不足,如实报告。\n"
        "- 未给数字的“明显提升”按严格优于对比年理解。\n"
        "- 以资金计的项目,假定常规投入仅抵消折旧与增长:只有超出现状的交付才改变起点值。\n"
        "- 无期限的目标按模拟末月判断;期限超出模拟期的不判断。\n"
        "- “=”按不少于理解。假定的起点值均已注明。\n"
    )


def _rule_list() -> str:
    """The rules as the code describes them."""
    text = plan_rules.__doc__ or ""
    return text[text.index("Every rule gives") :].strip() + "\n"


def _target_row(t: Target, r: Rule) -> tuple[str, ...]:
    keys = ", ".join(f"`{key}`" for key in r.keys)
    start = "" if r.start is None else f"{r.start:g} ({r.confidence}: {r.source})"
    return (
        f"`{t.id}` {t.section}", f"{t.title_en} · {t.title_zh}", t.scope, str(t.deadline or "-"), t.value_text, t.unit,
        str(r.state), f"{r.how} {keys}".strip(), start, f"{r.reason_en} · {r.reason_zh}",
    )


def _by_part[T](items: Sequence[T], section: Callable[[T], str]) -> Iterable[tuple[str, list[T]]]:
    """Headings and the items below them: parts of the plan, and the openings of its chapters."""
    for key, members in groupby(items, key=lambda item: part_of(section(item)) or section(item)):
        title = f"## {key.en} · {key.zh}\n" if key in PARTS else f"## Opening of chapter {key} · {key}总述\n"
        yield title, list(members)
