"""Draw docs/classes.md's plot: how often what was stated of a class came true.

python -m tools.plot_reliability docs/images [LAUNCHES OF EACH STYLE]
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from bench.classes import AT_BURNOUT, AT_LOFTED, FULL_EACH, LATER, Said, probabilities, statements
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bongsu.exercise.probability_score import brier_score, reliability

MOMENTS = (AT_LOFTED, AT_BURNOUT, LATER)
COLOUR = "#1f5fa8"
BAND = "#c9d8ea"


def main(folder: Path, each: int) -> None:
    """Fly and see the launches, and write the picture."""
    mpl.rcParams["svg.hashsalt"] = "reliability"
    said = statements(each)
    figure = Figure(figsize=(11.0, 4.0), layout="constrained")
    for number, moment in enumerate(MOMENTS):
        axes = figure.add_subplot(1, len(MOMENTS), number + 1)
        _draw(axes, moment, [one for one in said if one.moment == moment])
    figure.savefig(folder / "reliability.svg", metadata={"Date": None, "Creator": None})


def _draw(axes: Axes, moment: str, said: Sequence[Said]) -> None:
    """One moment: each bin with the two sigma that its number of statements allows."""
    stated, truth = probabilities(said)
    bins = reliability(stated, truth)
    axes.plot([0.0, 1.0], [0.0, 1.0], ":", color="black")
    at = [one.stated for one in bins]
    low = [max(one.stated - 2.0 * one.sigma, 0.0) for one in bins]
    high = [min(one.stated + 2.0 * one.sigma, 1.0) for one in bins]
    axes.fill_between(at, low, high, color=BAND, label="two sigma of chance")
    axes.plot(at, [one.came_true for one in bins], "o-", color=COLOUR, label="came true")
    axes.set_title(f"{moment}: Brier score {brier_score(stated, truth):.2f}", fontsize="medium")
    axes.set_xlabel("stated probability of a class")
    axes.set_ylabel("how often it was that class")
    axes.grid(visible=True, alpha=0.25)
    axes.legend(fontsize="small", loc="upper left")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else FULL_EACH)
