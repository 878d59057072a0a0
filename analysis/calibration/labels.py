"""Words of the calibration's pictures in two languages."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, dict[str, str]]] = {
    "title": {"en": "Calibration: parameters before and after", "zh": "校准：参数的先验与后验"},
    "fit": {"en": "Calibration: what runs show, against the figures", "zh": "校准：模型结果与统计数字对照"},
    "prior": {"en": "prior, 90 %", "zh": "先验，90 %"},
    "posterior": {"en": "posterior, 90 %", "zh": "后验，90 %"},
    "figure": {"en": "figure and its 90 % band", "zh": "统计值及其90 %区间"},
    "deviates": {"en": "standard deviations of the prior", "zh": "先验标准差"},
    "distance": {"en": "distance from the figure, in its standard deviations", "zh": "与统计值之差（以其标准差计）"},
    "note_title": {"en": "Filled: the data took away a quarter or more of the prior's variance; open: it stayed",
                   "zh": "实心：数据消除了至少四分之一的先验方差；空心：仍在先验"},
    "note_fit": {"en": "Runs of the prior (grey) and of the ensemble (blue), each with its own seed; arrow: beyond",
                 "zh": "先验（灰）与后验（蓝）各次运行，各用独立随机种子；超出坐标轴者以箭头表示"},
}
