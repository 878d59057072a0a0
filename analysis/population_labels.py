"""Words of the population report in two languages."""

from __future__ import annotations

from typing import Final

from model.spec.types import Text

MARGINS: Final[dict[str, Text]] = {
    "residents": Text(en="Residents", zh="常住人口"),
    "urban_share": Text(en="Urban share", zh="城镇化率"),
    "age_sex": Text(en="Age (19) x sex", zh="年龄(19组)×性别"),
    "education_sex": Text(en="Schooling (7) x sex, 6+", zh="受教育程度(7)×性别,6岁以上"),
    "scope": Text(en="Registered where (4)", zh="户口登记地(4类)"),
    "employed": Text(en="At work", zh="就业人口"),
    "industry": Text(en="Industry (19)", zh="行业(19类)"),
    "married": Text(en="Married, 15+, by sex", zh="有配偶(15岁以上)×性别"),
    "family_people": Text(en="In family households", zh="家庭户人口"),
    "households": Text(en="Family households", zh="家庭户数"),
    "household_size": Text(en="Mean household size", zh="平均户规模"),
    "one_person": Text(en="One-person households", zh="一人户"),
    "with_65": Text(en="Homes with 1, 2, 3+ aged 65+*", zh="有65岁以上老人的户(1、2、3人以上)*"),
    "tenure": Text(en="Tenure (4)", zh="住房来源(4类)"),
    "registered": Text(en="Registered people", zh="户籍人口"),
    "registered_urban": Text(en="Registered urban share", zh="户籍城镇化率"),
    "outside": Text(en="Living outside, by place", zh="市外居住(按去向)"),
}

WORDS: Final[dict[str, Text]] = {
    "title": Text(
        en="Start population against the census of {year} and the derived margins, scale {scale}",
        zh="初始人口与{year}年普查及推算边际的偏差,规模 {scale}",
    ),
    "meaning": Text(
        en="Sum of absolute errors over the total of the margin, per cent. * not fitted, a check.",
        zh="各格绝对误差之和占该边际总数的百分比。* 未参与拟合,仅作检验。",
    ),
    "city": Text(en="City", zh="全市"),
    "margin": Text(en="margin", zh="边际"),
    "wrote": Text(en="wrote {path}", zh="已写入 {path}"),
    "built": Text(
        en="{people} people ({residents} residents, {away} outside) in {homes} households, {seconds:.1f} s, "
        "digest {digest}",
        zh="{people} 人(常住 {residents},市外 {away}),{homes} 户,{seconds:.1f} 秒,摘要 {digest}",
    ),
}


def say(key: str, lang: str, **values: object) -> str:
    """One of `WORDS` in a language ("en" or "zh"), with its blanks filled."""
    return str(getattr(WORDS[key], lang)).format(**values)
