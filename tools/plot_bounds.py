"""Draw docs/bounds.md's plots: errors of the estimates beside what can be known at all.

    python -m tools.plot_bounds docs/images [RUNS]

The flight of 3 October 2022, flown and seen anew in every run, RMS over the runs.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import numpy as np
from bench.flown_worlds import EYE, RADAR, FlownWorld, flown_world
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bongsu.exercise.flight_bound import FlightBound, flight_bounds
from bongsu.exercise.flight_figures import way
from bongsu.exercise.scenario import ScenarioSensor
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.track import Track
from bongsu.vocabulary.units import seconds_between

TRUTHS = 25
RUNS = 25
ALL_SEEN_S = 2.0  # until the last moment is past for every sensor
IN_BOOST_S = range(50, 145, 5)  # after the launch; the earliest burnout is later
IN_FALL_S = range(5, 125, 5)  # after the burnout
SENSORS: Mapping[str, tuple[ScenarioSensor, ...]] = {
    "infrared": (EYE,),
    "infrared and radar": (EYE, RADAR),
}
COLOURS = {"infrared": "#b3541e", "infrared and radar": "#1f5fa8"}


@dataclass(slots=True, kw_only=True)
class Squares:
    """Squares of errors and of bounds over the runs, by time."""

    errors: defaultdict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    bounds: defaultdict[int, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, time_s: int, error: float, bound: float) -> None:
        self.errors[time_s].append(error**2)
        self.bounds[time_s].append(bound**2)

    def draw(self, axes: Axes, label: str, colour: str) -> None:
        times = sorted(self.errors)
        for values, style, what in ((self.errors, "-", "measured"), (self.bounds, ":", "bound")):
            rms = [float(np.sqrt(np.mean(values[time]))) for time in times]
            axes.plot(times, rms, style, color=colour, label=f"{label}, {what}")


@dataclass(slots=True, kw_only=True)
class Curves:
    """What one set of sensors reached."""

    launch_km: Squares = field(default_factory=Squares)
    azimuth_deg: Squares = field(default_factory=Squares)
    impact_km: Squares = field(default_factory=Squares)
    impact_time_s: Squares = field(default_factory=Squares)

    def note_boost(self, world: FlownWorld, track: Track, bound: FlightBound, at_s: int) -> None:
        if track.launch is None:
            return
        off_m, _ = way(track.launch.point, world.figures.launch_point)
        turned = track.launch.azimuth_rad - world.figures.launch_azimuth_rad
        turned = (turned + np.pi) % (2.0 * np.pi) - np.pi
        self.launch_km.note(at_s, off_m / 1e3, bound.launch_m / 1e3)
        sigma = float(np.sqrt(bound.launch_azimuth))
        self.azimuth_deg.note(at_s, float(np.degrees(turned)), float(np.degrees(sigma)))

    def note_fall(self, world: FlownWorld, track: Track, bound: FlightBound, at_s: int) -> None:
        if track.impact is None:
            return
        off_m, _ = way(track.impact.point, world.figures.impact_point)
        late_s = seconds_between(track.impact.at, world.figures.impact_at)
        self.impact_km.note(at_s, off_m / 1e3, bound.impact_m / 1e3)
        self.impact_time_s.note(at_s, late_s, bound.impact_time_s)


def main(folder: Path, runs: int) -> None:
    """Fly the runs and write the two pictures."""
    mpl.rcParams["svg.hashsalt"] = "bounds"
    curves = {name: Curves() for name in SENSORS}
    for run in range(runs):
        world = flown_world(run % TRUTHS)
        for name, sensors in SENSORS.items():
            _fly(world, sensors, 10_000 + run, curves[name])
    _picture(
        folder / "bounds-launch.svg",
        "seconds after the launch",
        {name: (one.launch_km, one.azimuth_deg) for name, one in curves.items()},
        ("launch point, km", "launch azimuth, degrees"),
    )
    both = curves["infrared and radar"]
    _picture(
        folder / "bounds-impact.svg",
        "seconds after the burnout",
        {"infrared and radar": (both.impact_km, both.impact_time_s)},
        ("point of impact, km", "time of impact, s"),
    )


def _fly(world: FlownWorld, sensors: tuple[ScenarioSensor, ...], seed: int, curves: Curves) -> None:
    burnout_s = world.figures.burnout_s
    boost = [float(one) for one in IN_BOOST_S if one < burnout_s]
    fall = [burnout_s + one for one in IN_FALL_S] if len(sensors) > 1 else []
    sightings = world.sightings(sensors, max([*boost, *fall]), seed=seed)
    bounds = flight_bounds(world.payload, sightings, [*boost, *fall])
    tracks = _tracks(world, sensors, [*boost, *fall], seed)
    for number, (track, bound) in enumerate(zip(tracks, bounds, strict=True)):
        if track is None:
            continue
        if number < len(boost):
            curves.note_boost(world, track, bound, IN_BOOST_S[number])
        else:
            curves.note_fall(world, track, bound, IN_FALL_S[number - len(boost)])


def _tracks(
    world: FlownWorld, sensors: tuple[ScenarioSensor, ...], moments_s: Sequence[float], seed: int
) -> Iterator[Track | None]:
    """The first track at each moment: the one that was warned of."""
    tracker = Tracker([sensor.site for sensor in sensors], name="XA-1")
    waiting = list(moments_s)
    for batch in world.batches(sensors, moments_s[-1] + ALL_SEEN_S, seed=seed):
        while waiting and world.since_launch_s(batch.observed_at) > waiting[0]:
            tracks = tracker.picture(now=world.at(waiting.pop(0))).tracks
            yield min(tracks, key=lambda track: track.track_id, default=None)
        if not waiting:
            return
        tracker.process(batch, now=batch.observed_at)


def _picture(
    path: Path,
    time_label: str,
    curves: Mapping[str, tuple[Squares, Squares]],
    labels: tuple[str, str],
) -> None:
    figure = Figure(figsize=(10.0, 4.0), layout="constrained")
    for place, label in enumerate(labels):
        axes = figure.add_subplot(1, 2, place + 1)
        for name, pair in curves.items():
            pair[place].draw(axes, name, COLOURS[name])
        axes.set_yscale("log")
        axes.set_xlabel(time_label)
        axes.set_ylabel(label)
        axes.grid(visible=True, which="both", alpha=0.25)
        axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else RUNS)
