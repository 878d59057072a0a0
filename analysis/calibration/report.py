"""The pages of a calibration: what each wave ruled out, prior against posterior, fit of every figure, recovery."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from analysis.calibration.labels import TEXT
from analysis.calibration.posterior import shrinkage
from analysis.calibration.recovery import IDENTIFIED
from analysis.calibration.study import Study
from analysis.figures import style
from model.spec.registry import REGISTRY

QUANTILES: Final = (0.05, 0.5, 0.95)
NAME: Final = "calibration"


def parameters(study: Study) -> pd.DataFrame:
    """One row a free parameter: prior and posterior quantiles, shrinkage, whether the data identify it, evidence."""
    draws = study.draws()
    gone = shrinkage(study.found.sample.z)  # type: ignore[union-attr]
    rows = []
    for k, key in enumerate(study.space.keys):
        param = REGISTRY.params[key]
        prior = study.space.table(np.array([[-1.645], [0.0], [1.645]]) * np.eye(study.space.size)[k])[key]
        post = np.quantile(draws[:, k], QUANTILES)
        rows.append({
            "parameter": key, "unit": param.unit, "prior_05": prior[0], "prior_50": prior[1], "prior_95": prior[2],
            "posterior_05": post[0], "posterior_50": post[1], "posterior_95": post[2], "shrinkage": gone[k],
            "identified": bool(gone[k] >= IDENTIFIED), "evidence": str(param.confidence),
        })
    return pd.DataFrame(rows)


def figures_fitted(study: Study) -> pd.DataFrame:
    """One row a figure: value and band, what runs of prior and ensemble show (in the figure's unit), distance."""
    rows = []
    for k, m in enumerate(study.moments):
        def back(x, log=m.is_log):
            return np.exp(x) if log else x

        prior, post = (np.nanquantile(y[:, k], QUANTILES) for y in (study.prior, study.predicted))
        away = (post[1] - m.target) / np.sqrt(m.variance + study.found.noise[k])
        rows.append({
            "figure": m.key, "unit": m.unit, "period": m.period, "value": m.value, "low": m.low, "high": m.high,
            **{f"prior_{q}": back(v) for q, v in zip(("05", "50", "95"), prior)},
            **{f"posterior_{q}": back(v) for q, v in zip(("05", "50", "95"), post)},
            "sd_away": away, "confidence": m.confidence,
        })
    return pd.DataFrame(rows)


def emulators(study: Study) -> pd.DataFrame:
    """Errors at points left out of the fit over the spread of the outputs, and the noise of one run, per figure."""
    last = study.found.waves[-1]
    spread = last.y.std(axis=0)
    rows = {m.key: {"noise of one run": study.found.noise[k] ** 0.5 / spread[k],
                    **{name: rms[k] / spread[k] for name, rms in last.left_out_rms.items()}}
            for k, m in enumerate(study.moments)}
    return pd.DataFrame(rows).T.rename_axis("figure").reset_index()


def write(study: Study, folder: Path) -> list[Path]:
    """Tables as CSV, two pictures in both languages, and report.md. Returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"parameters": parameters(study), "figures": figures_fitted(study), "emulators": emulators(study)}
    written = []
    for name, table in tables.items():
        written.append(folder / f"{name}.csv")
        table.to_csv(written[-1], index=False, lineterminator="\n", float_format="%.6g")
    for lang in ("en", "zh"):
        written += style.save(draw_parameters(study, tables["parameters"], lang), folder / f"parameters_{lang}")
        written += style.save(draw_fit(study, lang), folder / f"fit_{lang}")
    written.append(folder / "report.md")
    written[-1].write_text("\n".join(lines(study, tables)) + "\n", encoding="utf-8")
    return written


def lines(study: Study, tables: dict[str, pd.DataFrame]) -> Sequence[str]:
    """The report as Markdown."""
    sample, recovery = study.found.sample, study.recovery
    assert sample is not None
    known = tables["parameters"][tables["parameters"]["identified"]]["parameter"]
    return (
        "# Calibration", "",
        f"{study.n_runs} runs at 1:{1 / study.scale:.0f}, each with a seed of its own; {len(sample.z)} draws in the "
        f"ensemble; acceptance {sample.acceptance:.2f}, longest autocorrelation {sample.autocorrelation:.0f} steps.",
        "",
        *(f"- Wave {k + 1}: {len(w.z)} runs, {w.n_failed} left out for outputs that are not finite; "
          f"{100 * w.ruled_out:.2f} % of the prior ruled out (implausibility above 3)."
          for k, w in enumerate(study.found.waves)),
        f"- Identified (at least a quarter of the prior's variance gone): {', '.join(known) or 'none'}.",
        f"- Synthetic truths: {len(recovery.truth)}; 90 % intervals of identified parameters hold the truth in "
        f"{100 * recovery.coverage():.0f} % of {int(recovery.identified.sum())} cases.", "",
        "## Parameters", "", *markdown(tables["parameters"]), "",
        "## Figures", "", *markdown(tables["figures"]), "",
        "## Emulators", "", "Root mean square error at points left out, over the spread of the last wave.", "",
        *markdown(tables["emulators"]),
    )


def markdown(table: pd.DataFrame) -> list[str]:
    """The table as lines of Markdown, numbers to four digits."""
    def cell(x: object) -> str:
        return f"{x:.4g}" if isinstance(x, float) else str(x)

    rows = [[cell(x) for x in row] for row in table.itertuples(index=False)]
    return [f"| {' | '.join(row)} |" for row in (list(table.columns), ["---"] * table.shape[1], *rows)]


def _axes(figure, left: float):
    """Axes between head and foot, with room for long labels on the left."""
    bottom = style.foot(figure, 0.55)
    return figure.add_axes((left, bottom, 0.96 - left, style.head(figure, 0.75) - bottom))


def draw_parameters(study: Study, table: pd.DataFrame, lang: str):
    """Posterior of every parameter in deviates of its prior, most identified first."""
    z = study.found.sample.z  # type: ignore[union-attr]
    order = np.argsort(z.var(axis=0))[::-1]
    with style.house():
        figure = style.canvas(
            7.2, 1.9 + 0.25 * len(order), TEXT["title"][lang], (TEXT["note_title"][lang],), NAME, lang
        )
        axes = _axes(figure, 0.3)
        for y, k in enumerate(order):
            low, middle, high = np.quantile(z[:, k], QUANTILES)
            axes.plot((-1.645, 1.645), (y, y), color="#DDDDDD", linewidth=7, solid_capstyle="butt",
                      label=TEXT["prior"][lang] if y == 0 else None)
            axes.plot((low, high), (y, y), color=style.OKABE_ITO[0], linewidth=2.2,
                      label=TEXT["posterior"][lang] if y == 0 else None)
            known = bool(table["identified"].iloc[k])
            face = style.OKABE_ITO[0] if known else "white"
            axes.plot(middle, y, "o", color=style.OKABE_ITO[0], markerfacecolor=face)
        axes.set_yticks(range(len(order)), [study.space.keys[k] for k in order])
        axes.set_xlabel(TEXT["deviates"][lang])
        axes.grid(axis="x")
        axes.set_xlim(-3.2, 3.2)
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, fontsize=8)
    return figure


def draw_fit(study: Study, lang: str):
    """Every figure at zero with its band; runs of prior and ensemble around it, in standard deviations."""
    n, limit = len(study.moments), 9.0
    with style.house():
        figure = style.canvas(8.6, 1.9 + 0.32 * n, TEXT["fit"][lang], (TEXT["note_fit"][lang],), NAME, lang)
        axes = _axes(figure, 0.47)
        axes.axvspan(-1.645, 1.645, color="#F0E6C8", label=TEXT["figure"][lang], linewidth=0)
        axes.axvline(0.0, color=style.INK, linewidth=0.8)
        for k, m in enumerate(study.moments):
            y = n - 1 - k
            for runs, colour, shift, key in ((study.prior, style.BASE, 0.16, "prior"),
                                             (study.predicted, style.OKABE_ITO[0], -0.16, "posterior")):
                q = (np.nanquantile(runs[:, k], QUANTILES) - m.target) / np.sqrt(m.variance)
                low, middle, high = np.clip(q, -limit, limit)
                axes.plot((low, high), (y + shift, y + shift), color=colour, linewidth=2,
                          label=TEXT[key][lang] if k == 0 else None)
                mark = "o" if abs(q[1]) < limit else ("<" if q[1] < 0 else ">")
                axes.plot(middle, y + shift, mark, color=colour, markersize=4.5)
        axes.set_yticks(range(n), [getattr(m, f"text_{lang}") for m in reversed(study.moments)])
        axes.set_xlim(-limit - 0.4, limit + 0.4)
        axes.set_xlabel(TEXT["distance"][lang])
        axes.grid(axis="x")
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, fontsize=8)
    return figure
