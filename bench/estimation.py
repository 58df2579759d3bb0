"""Launch, impact and phases of the flight of 2022-10-03, over many runs, beside a bound.

The bounds are those of a prototype: the Cramer-Rao bound of a boost with the generic figures'
own parameters. The truth here scatters more than they allow, and drops a stage that the radar
sees beside the payload.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from bench.flown_worlds import AFTER_BURNOUT_S, EYE, RADAR, FlownWorld, flown_world
from bench.row import BenchRow

from bongsu.exercise.scenario import ScenarioSensor
from bongsu.exercise.truth import ground_point
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.track import Phase, Track, TrackPicture, TrackStatus

TRUTHS = 25
LOOKS = 2  # of the sensors at each truth, with noise and clutter of their own
MIXED = (EYE, RADAR)
ALONE = (EYE,)
CHI_SQUARE_90, CHI_SQUARE_95 = 4.605, 5.991
MILLISECONDS = 1e3


@dataclass(slots=True, kw_only=True)
class Measured:
    """Lists over the runs; lengths in km, angles in degrees, times in s."""

    values: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, value: float) -> None:
        self.values.setdefault(name, []).append(value)

    def rms(self, name: str) -> float:
        return float(np.sqrt(np.mean(np.square(self.values[name]))))

    def mean(self, name: str) -> float:
        return float(np.mean(self.values[name]))

    def median(self, name: str) -> float:
        return float(np.median(self.values[name]))


def rows() -> Iterator[BenchRow]:
    """The accuracy table: infrared and radar, then infrared alone, then what it cost."""
    mixed, alone = measured(MIXED), measured(ALONE)
    runs = f"{TRUTHS * LOOKS} runs"
    yield _at_most("launch at T+120 s, RMS", mixed.rms("launch 120"), "km", 1.5, bound=0.9)
    yield _at_most("launch azimuth at T+120 s, RMS", mixed.rms("azimuth 120"), "deg", 0.5, 0.26)
    yield _at_most("impact as first stated, RMS", mixed.rms("impact first"), "km", 200.0, 132.0)
    yield _at_most("impact 30 s after burnout, RMS", mixed.rms("impact 30"), "km", 15.0, 9.4)
    yield _at_most("impact 60 s after burnout, RMS", mixed.rms("impact 60"), "km", 4.0, 2.5)
    yield _at_most("time of impact then, RMS", mixed.rms("time 60"), "s", 1.0, 0.6)
    yield _at_least("impact held by its 95 % ellipse", mixed.mean("impact held"), 0.93, runs)
    yield _at_least("launch held by its 90 % region", mixed.mean("launch held"), 0.85, runs)
    yield _at_most("burnout found, median delay", mixed.median("burnout delay"), "s", 3.0)
    yield _at_most("false changes of phase", mixed.mean("false changes"), "a flight", 0.01)
    yield _at_most(
        "infrared alone: points before burnout", alone.mean("early points"), "a flight", 0
    )
    yield _at_most("infrared alone: launch at T+60 s, RMS", alone.rms("launch 60"), "km", 10.0, 6.0)
    yield _at_most("infrared alone: launch at burnout, RMS", alone.rms("launch 0"), "km", 4.0)
    yield _at_least("infrared alone: launch held at 90 %", alone.mean("launch held"), 0.85, runs)
    yield _at_least("infrared alone: impact in its fan", alone.mean("fan holds"), 0.85, runs)
    yield _at_most("a scan with its picture, mean", mixed.mean("cost"), "ms", 5.0)


def measured(sensors: tuple[ScenarioSensor, ...]) -> Measured:
    """All runs with these sensors."""
    found = Measured()
    for number in range(TRUTHS):
        for look in range(LOOKS):
            _run(flown_world(number), sensors, number + 1_000 * look, found)
    return found


def _run(
    world: FlownWorld, sensors: tuple[ScenarioSensor, ...], seed: int, found: Measured
) -> None:
    burnout_s = world.figures.burnout_s
    tracker = Tracker([sensor.site for sensor in sensors], name="XA-1")
    watch = _Watch(world=world, found=found)
    moments = [60.0, 120.0, burnout_s, burnout_s + 30.0, burnout_s + 60.0]
    names = ["60", "120", "0", "30", "60 after"]
    spent_s, scans = 0.0, 0
    for batch in world.batches(sensors, burnout_s + AFTER_BURNOUT_S, seed=seed):
        while moments and world.since_launch_s(batch.observed_at) > moments[0]:
            picture = tracker.picture(now=world.at(moments[0]))
            watch.compare(picture, moments.pop(0), names.pop(0))
        begun = perf_counter()
        tracker.process(batch, now=batch.observed_at)
        picture = tracker.picture(now=batch.observed_at)
        spent_s, scans = spent_s + perf_counter() - begun, scans + 1
        watch.follow(picture, world.since_launch_s(batch.observed_at))
    watch.finish()
    found.note("cost", MILLISECONDS * spent_s / scans)


@dataclass(slots=True, kw_only=True)
class _Watch:
    """One run's comparison with its truth."""

    world: FlownWorld
    found: Measured
    phase: Phase | None = None
    changes: int = 0
    early_points: int = 0
    burnout_found: bool = False
    first_stated: bool = False

    def follow(self, picture: TrackPicture, seconds: float) -> None:
        """After every scan: phases, and the first point of impact."""
        track = _nearest(picture, self.world, seconds)
        if track is None:
            return
        burnout_s = self.world.figures.burnout_s
        if seconds < burnout_s:
            self.changes += self.phase is Phase.BOOST and track.phase is not Phase.BOOST
            self.early_points += track.impact is not None
        elif track.phase is Phase.FREE_FLIGHT and not self.burnout_found:
            self.burnout_found = True
            self.found.note("burnout delay", seconds - burnout_s)
        if track.impact is not None and not self.first_stated and seconds > burnout_s:
            self.first_stated = True
            self.found.note("impact first", self._impact_km(track))
        self.phase = track.phase

    def compare(self, picture: TrackPicture, seconds: float, name: str) -> None:
        """At one of the moments: launch, impact and fan."""
        track = _nearest(picture, self.world, seconds)
        if track is None:
            return
        self._compare_launch(track, seconds, name)
        if track.fan is not None and name == "0":
            place = self.world.figures.impact_point
            way = _way(track.fan.origin, place)
            off = abs((way[1] - track.fan.azimuth_rad + np.pi) % (2.0 * np.pi) - np.pi)
            reached = track.fan.minimum_range_m <= way[0] <= track.fan.maximum_range_m
            self.found.note("fan holds", float(reached and off <= track.fan.half_width_rad))
        if track.impact is None:
            return
        figures = self.world.figures
        late_s = self.world.since_launch_s(track.impact.at) - figures.flight_time_s
        self.found.note(f"impact {name.removesuffix(' after')}", self._impact_km(track))
        self.found.note(f"time {name.removesuffix(' after')}", late_s)
        squared = _squared(track.impact.ellipse, track.impact.point, figures.impact_point)
        self.found.note("impact held", float(squared < CHI_SQUARE_95))

    def finish(self) -> None:
        self.found.note("false changes", float(self.changes))
        self.found.note("early points", float(self.early_points))

    def _compare_launch(self, track: Track, seconds: float, name: str) -> None:
        launch, truth = track.launch, self.world.figures.launch_point
        if launch is None:
            return
        self.found.note(f"launch {name}", _way(launch.point, truth)[0] / 1e3)
        if name in ("60", "120", "0"):
            below = ground_point(self.world.payload.path.state_at(seconds)[:3])
            off = (launch.azimuth_rad - _way(truth, below)[1] + np.pi) % (2.0 * np.pi) - np.pi
            self.found.note(f"azimuth {name}", float(np.degrees(off)))
            squared = _squared(launch.ellipse, launch.point, truth)
            self.found.note("launch held", float(squared < CHI_SQUARE_90))

    def _impact_km(self, track: Track) -> float:
        assert track.impact is not None
        return _way(track.impact.point, self.world.figures.impact_point)[0] / 1e3


def _nearest(picture: TrackPicture, world: FlownWorld, seconds: float) -> Track | None:
    """The track that is nearest to the payload."""
    truth = world.payload.path.state_at(seconds)[:3]
    alive = [track for track in picture.tracks if track.status is not TrackStatus.DROPPED]

    def distance_m(track: Track) -> float:
        return float(np.linalg.norm(track.position_ecef_m - truth))

    return min(alive, key=distance_m, default=None)


def _way(first: GeoPoint, second: GeoPoint) -> tuple[float, float]:
    """Distance (m) and azimuth (rad) of the shortest line."""
    distance, azimuth, _ = geodesic_inverse(
        first.latitude_rad, first.longitude_rad, second.latitude_rad, second.longitude_rad
    )
    return float(distance), float(azimuth)


def _squared(ellipse: Ellipse, center: GeoPoint, place: GeoPoint) -> float:
    """Squared distance of a place in sigmas of the ellipse; chi square of two if it is honest."""
    distance, azimuth = _way(center, place)
    turn, sigmas = azimuth - ellipse.azimuth_rad, -2.0 * np.log(1.0 - ellipse.probability)
    along = distance * np.cos(turn) / ellipse.semi_major_m
    across = distance * np.sin(turn) / ellipse.semi_minor_m
    return float(sigmas * (along**2 + across**2))


def _at_most(
    name: str, value: float, unit: str, target: float, bound: float | None = None
) -> BenchRow:
    return BenchRow(
        name=name,
        value=value,
        unit=unit,
        floor_or_peer=bound,
        ratio=None if bound is None else value / bound,
        target=f"<= {target:g} {unit}",
        met=value <= target,
    )


def _at_least(name: str, value: float, target: float, note: str) -> BenchRow:
    return BenchRow(
        name=name,
        value=100.0 * value,
        unit="%",
        target=f">= {100.0 * target:g} %",
        met=value >= target,
        note=note,
    )
