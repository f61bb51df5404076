"""Pictures of ratios, of contests with other engines, and of growth."""
from __future__ import annotations

import statistics
from pathlib import Path

from measure import CHANNELS_LAST, OURS_DEFAULT
from peers import TITLES
from report import ratio
from workers import COMPILE, DIFFUSERS, OPENVINO, OURS

COLOURS = {OURS: "#2171b5", DIFFUSERS: "#969696", CHANNELS_LAST: "#cccccc", COMPILE: "#fdae6b", OPENVINO: "#74c476"}


def canvas(wide: float, high: float, rows: int = 1, columns: int = 1):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    return pyplot.subplots(rows, columns, figsize=(wide, high), squeeze=False)


def keep(figure, file: Path) -> None:
    figure.tight_layout()
    figure.savefig(file, dpi=110, bbox_inches="tight")  # long titles are not cut


def plot(records: list[dict], file: Path, about: dict) -> None:
    """Bars of how many times faster than diffusers' better setting each row is; stages of a run are left out."""
    shown = [r for r in records if "." not in r["name"] and (ratio(r, OURS) or ratio(r, OURS_DEFAULT))][::-1]
    figure, axes = canvas(9, 1.2 + 0.22 * len(shown))
    axes = axes[0][0]
    for contestant, colour, label in ((OURS_DEFAULT, "#9ecae1", "default mode (after the paper)"), (OURS, "#2171b5", "same work as diffusers")):
        places = [i for i, r in enumerate(shown) if ratio(r, contestant)]
        axes.barh(places, [ratio(shown[i], contestant) for i in places], color=colour, label=label, height=0.75 if contestant == OURS_DEFAULT else 0.45)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(shown)), [r["title"] for r in shown], fontsize=7)
    axes.set_xlabel(f"times as fast as diffusers 0.42.1\n{about['cpu']}, {about['cores']} cores", fontsize=8)
    axes.legend(fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    keep(figure, file)


def plot_peers(rows: list[dict], file: Path, about: dict) -> None:
    """Bars of the speed of each engine, that of ours being 1, for each row."""
    figure, axes = canvas(9, 1.4 + 0.8 * len(rows))
    axes = axes[0][0]
    for i, found in enumerate(rows[::-1]):
        present = [name for name in COLOURS if name in found["seconds"]]
        median = {name: statistics.median(found["seconds"][name]) for name in present}
        for j, name in enumerate(present[::-1]):
            place = i + (j - (len(present) - 1) / 2) * 0.16
            axes.barh(place, median[OURS] / median[name], height=0.15, color=COLOURS[name], label=TITLES[name] if i == 0 else None)
            axes.text(median[OURS] / median[name], place, f" {median[name]:.2f} s", va="center", fontsize=6)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [found["title"] for found in rows[::-1]], fontsize=7)
    axes.set_xlabel(f"speed, ours being 1\n{about['cpu']}, {about['cores']} cores", fontsize=8)
    axes.legend(*[part[::-1] for part in axes.get_legend_handles_labels()], fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=5, frameon=False)
    keep(figure, file)


def plot_growth(dtype: str, found: list[dict], file: Path, about: dict) -> None:
    """Seconds over what grows, on log axes, a panel for each."""
    kinds = list(dict.fromkeys(r["what"] for r in found))
    figure, axes = canvas(2.6 * len(kinds), 3, 1, len(kinds))
    for panel, kind in zip(axes[0], kinds):
        some = [r for r in found if r["what"] == kind]
        for side in (OURS, DIFFUSERS):
            with_it = [r for r in some if side in r["seconds"]]
            panel.plot([r["value"] for r in with_it], [r["seconds"][side] for r in with_it], "o-", markersize=3, color=COLOURS[side], label=TITLES[side])
        panel.set_xscale("log")
        panel.set_yscale("log")
        values = [r["value"] for r in some]
        panel.set_xticks(values, [str(v) for v in values], fontsize=7)
        panel.set_xticks([], minor=True)
        panel.tick_params(axis="y", which="both", labelsize=7)
        panel.set_title(kind, fontsize=8)
    axes[0][0].set_ylabel(f"seconds, SD 1.5 {dtype}", fontsize=8)
    axes[0][0].legend(fontsize=7, frameon=False)
    figure.text(0.5, -0.02, f"{about['cpu']}, {about['cores']} cores", ha="center", fontsize=7)
    keep(figure, file)
