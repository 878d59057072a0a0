"""Words of hindcasts in two languages."""

from __future__ import annotations

from typing import Final

from model.spec.types import Text

ENDINGS: Final = ("市", "地区")
"""What a prefecture's Chinese name may end in, and is called without."""

MARGINS: Final[dict[str, Text]] = {
    "urban_share": Text(en="urban share, points", zh="城镇化率(百分点)"),
    "residents": Text(en="residents, %", zh="常住人口(%)"),
    "age_sex": Text(en="age and sex, % of people", zh="年龄性别(占人口%)"),
    "scope": Text(en="registered elsewhere, points", zh="户口登记地(百分点)"),
    "tenure": Text(en="tenure, points", zh="住房来源(百分点)"),
    "industry": Text(en="industry, points", zh="行业(百分点)"),
    "households": Text(en="households, %", zh="家庭户(%)"),
}
"""What is compared, with the unit of its error."""

WORDS: Final[dict[str, Text]] = {
    "title": Text(en="{place}, {start} to {end}: {seeds} seeds at scale {scale:g}",
                  zh="{place} {start}—{end}年回测:{seeds}次重复,规模{scale:g}"),
    "county": Text(en="county", zh="县区"),
    "code": Text(en="code", zh="代码"),
    "urban": Text(en="urban % {year}", zh="城镇化率% {year}"),
    "residents": Text(en="residents {year}", zh="常住人口 {year}"),
    "counted": Text(en="{year} counted", zh="{year}普查"),
    "lived": Text(en="{year} lived", zh="{year}模拟"),
    "band": Text(en="90 % band", zh="90%区间"),
    "error": Text(en="mean absolute error over counties", zh="各县平均绝对误差"),
    "hindcast": Text(en="hindcast", zh="回测"),
    "no_change": Text(en="had nothing changed", zh="若无变化"),
    "no_census": Text(en="The census of {end} is not at hand for this prefecture: a forecast, nothing to compare.",
                      zh="本地没有该市{end}年普查资料:仅为预测,不作比较。"),
    "reads": Text(
        en="Made from the census of {start} and drivers of the decade; nothing counted in the prefecture later.",
        zh="仅用{start}年普查与十年间外部驱动量,不读取该市此后的任何计数。",
    ),
    "band_note": Text(
        en="The band holds the spread of seeds and the error of the rules, as in the first prefecture and half again.",
        zh="区间含随机重复的离散与规则本身的误差(取首个市误差的1.5倍)。",
    ),
    "figure": Text(en="{place}: {end} as lived from {start}, against the census",
                   zh="{place}:由{start}年推演的{end}年与普查对照"),
    "urban_panel": Text(en="Urban share of residents, %", zh="常住人口城镇化率(%)"),
    "people_panel": Text(en="Residents, thousands", zh="常住人口(千人)"),
    "x_axis": Text(en="census of {end}", zh="{end}年普查"),
    "y_axis": Text(en="lived", zh="模拟"),
    "line": Text(en="The line is where both agree; bars are 90 % bands, small dots the census of {start}",
                 zh="斜线表示一致;竖线为90%区间;小点为{start}年普查"),
    "mean_error": Text(en="mean absolute error {error} (had nothing changed {still})",
                       zh="平均绝对误差{error}(若无变化{still})"),
}


def say(key: str, lang: str, **values: object) -> str:
    """One of `WORDS` in a language ("en" or "zh"), with its blanks filled."""
    return str(getattr(WORDS[key], lang)).format(**values)
