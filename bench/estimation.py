"""Launch, impact and phases of the flight of 2022-10-03, over many runs, beside their bound.

Each run has its own bound: of its truth, its sensors' plots of the payload and the filter's
prior (`exercise.flight_bound`). The truth scatters less than that prior allows, and drops a
stage that the radar sees beside the payload; the bound knows which plots are the payload's, and
knows nothing of the stage, whose plots teach the tracker of the payload as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from time import process_time

import numpy as np
from bench.flown_worlds import AFTER_BURNOUT_S, EYE, RADAR, FlownWorld, flown_world, flown_worlds
from bench.row import BenchRow

from bongsu.exercise.flight_bound import flight_bounds
from bongsu.exercise.scenario import ScenarioSensor
from bongsu.exercise.truth import ground_point
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.track import Phase, Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import TrackId

TRUTHS = 25
LOOKS, FULL_LOOKS = 2, 8  # of the sensors at each truth, with noise and clutter of their own
MIXED = (EYE, RADAR)
ALONE = (EYE,)
CHI_SQUARE_90, CHI_SQUARE_95 = 4.605, 5.991
MILLISECONDS = 1e3
AFTER_S = 60.0


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


def rows(*, full: bool = False) -> Iterator[BenchRow]:
    """The accuracy table: infrared and radar, then infrared alone, then what it cost."""
    looks = FULL_LOOKS if full else LOOKS
    mixed, alone = measured(MIXED, looks), measured(ALONE, looks)
    runs = f"{TRUTHS * looks} runs"
    yield _at_most("launch at T+120 s, RMS", mixed, "launch 120", "km", 1.5)
    yield _at_most("launch azimuth at T+120 s, RMS", mixed, "azimuth 120", "deg", 0.5)
    yield _at_most("impact as first stated, RMS", mixed, "impact first", "km", 200.0)
    yield _at_most("impact 30 s after burnout, RMS", mixed, "impact 30", "km", 15.0)
    yield _at_most("impact 60 s after burnout, RMS", mixed, "impact 60", "km", 4.0)
    yield replace(
        _at_most("time of impact then, RMS", mixed, "time 60", "s", 1.0),
        note=f"{mixed.rms('floor of time 60'):.2f} s if it were known how drags scatter",
    )
    yield _within("impact held by its 95 % ellipse", mixed.mean("impact held"), 0.93, 0.97, runs)
    yield _within("launch held by its 90 % region", mixed.mean("launch held"), 0.85, 0.95, runs)
    yield _no_more("burnout found, median delay", mixed.median("burnout delay"), "s", 3.0)
    yield _no_more("false changes of phase", mixed.mean("false changes"), "a flight", 0.01)
    yield _no_more(
        "infrared alone: points before burnout", alone.mean("early points"), "a flight", 0
    )
    yield _at_most("infrared alone: launch at T+60 s, RMS", alone, "launch 60", "km", 10.0)
    yield _at_most("infrared alone: launch at burnout, RMS", alone, "launch 0", "km", 4.0)
    yield _within(
        "infrared alone: launch held at 90 %", alone.mean("launch held"), 0.85, 0.95, runs
    )
    yield _within("infrared alone: impact in its fan", alone.mean("fan holds"), 0.85, 1.0, runs)
    yield _no_more("a scan with its picture, processor, mean", mixed.mean("cost"), "ms", 5.0)
    if full:
        yield from _published_rows()


def _published_rows() -> Iterator[BenchRow]:
    """Launches at burnout over all published flights: an ellipse is to be honest for each class."""
    for sensors, name in ((MIXED, "infrared and radar"), (ALONE, "infrared alone")):
        found = Measured()
        for seed, world in enumerate(flown_worlds()):
            _run(world, sensors, seed, found, until_s=world.figures.burnout_s)
        held = found.values["launch held at burnout"]
        yield _within(
            f"published flights, {name}: launch held at 90 %",
            float(np.mean(held)),
            0.85,
            0.95,
            f"{len(held)} flights, RMS {found.rms('launch 0'):.1f} km",
        )


def measured(sensors: tuple[ScenarioSensor, ...], looks: int) -> Measured:
    """All runs with these sensors."""
    found = Measured()
    for number in range(TRUTHS):
        for look in range(looks):
            _run(flown_world(number), sensors, number + 1_000 * look, found)
    return found


def _run(
    world: FlownWorld,
    sensors: tuple[ScenarioSensor, ...],
    seed: int,
    found: Measured,
    *,
    until_s: float | None = None,
) -> None:
    burnout_s = world.figures.burnout_s
    tracker = Tracker([sensor.site for sensor in sensors], name="XA-1")
    watch = _Watch(world=world, found=found)
    moments = [60.0, 120.0, burnout_s, burnout_s + 30.0, burnout_s + AFTER_S]
    names = ["60", "120", "0", "30", "60 after"]
    spent_s, scans = 0.0, 0
    for batch in world.batches(sensors, until_s or burnout_s + AFTER_BURNOUT_S, seed=seed):
        while moments and world.since_launch_s(batch.observed_at) > moments[0]:
            picture = tracker.picture(now=world.at(moments[0]))
            watch.compare(picture, moments.pop(0), names.pop(0))
        begun = process_time()
        tracker.process(batch, now=batch.observed_at)
        picture = tracker.picture(now=batch.observed_at)
        spent_s, scans = spent_s + process_time() - begun, scans + 1
        watch.follow(picture, world.since_launch_s(batch.observed_at))
    watch.finish()
    found.note("cost", MILLISECONDS * spent_s / scans)
    if until_s is not None:
        watch.compare(tracker.picture(now=world.at(until_s)), until_s, "0")
        return
    _note_bounds(world, sensors, watch.first_stated_s, seed, found)


def _note_bounds(
    world: FlownWorld,
    sensors: tuple[ScenarioSensor, ...],
    first_stated_s: float | None,
    seed: int,
    found: Measured,
) -> None:
    """The bounds of that run, under the names of what they bound."""
    burnout_s = world.figures.burnout_s
    named = {"60": 60.0, "120": 120.0, "0": burnout_s, "30": burnout_s + 30.0}
    named["60 after"] = burnout_s + AFTER_S
    if first_stated_s is not None:
        named["first"] = first_stated_s
    order = sorted(named, key=lambda name: named[name])
    sightings = world.sightings(sensors, burnout_s + AFTER_BURNOUT_S, seed=seed)
    bounds = flight_bounds(world.payload, sightings, [named[name] for name in order])
    for name, bound in zip(order, bounds, strict=True):
        short = name.removesuffix(" after")
        if name != "60 after":
            found.note(f"bound of launch {name}", bound.launch_m / 1e3)
            found.note(f"bound of azimuth {name}", float(np.degrees(bound.launch_azimuth**0.5)))
        if name in ("first", "30", "60 after"):
            found.note(f"bound of impact {short}", bound.impact_m / 1e3)
            found.note(f"bound of time {short}", bound.impact_time_s)
            found.note(f"floor of time {short}", bound.impact_time_floor_s)


@dataclass(slots=True, kw_only=True)
class _Watch:
    """One run's comparison with its truth."""

    world: FlownWorld
    found: Measured
    phase: Phase | None = None
    changes: int = 0
    early_points: int = 0
    burnout_found: bool = False
    first_stated_s: float | None = None
    warned_of: TrackId | None = None

    def follow(self, picture: TrackPicture, seconds: float) -> None:
        """After every scan: phases, and the first point of impact."""
        track = self._of_payload(picture, seconds)
        if track is None:
            return
        burnout_s = self.world.figures.burnout_s
        if seconds < burnout_s:
            self.changes += self.phase is Phase.BOOST and track.phase is not Phase.BOOST
            self.early_points += track.impact is not None
        elif track.phase is Phase.FREE_FLIGHT and not self.burnout_found:
            self.burnout_found = True
            self.found.note("burnout delay", seconds - burnout_s)
        if track.impact is not None and self.first_stated_s is None and seconds > burnout_s:
            self.first_stated_s = seconds
            self.found.note("impact first", self._impact_km(track))
        self.phase = track.phase

    def compare(self, picture: TrackPicture, seconds: float, name: str) -> None:
        """At one of the moments: launch, impact and fan."""
        track = self._of_payload(picture, seconds)
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
            if name == "0":
                self.found.note("launch held at burnout", float(squared < CHI_SQUARE_90))

    def _of_payload(self, picture: TrackPicture, seconds: float) -> Track | None:
        """The track that was the payload's before the burnout, as a warning would go on with it.

        Of two objects a hundred metres apart the nearest to the truth may be the wrong one.
        """
        known = [track for track in picture.tracks if track.track_id == self.warned_of]
        if known and seconds > self.world.figures.burnout_s:
            return known[0]
        nearest = _nearest(picture, self.world, seconds)
        self.warned_of = nearest.track_id if nearest else None
        return nearest

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


def _at_most(name: str, found: Measured, what: str, unit: str, target: float) -> BenchRow:
    """An RMS beside the root mean square of the runs' bounds."""
    value, bound = found.rms(what), found.rms(f"bound of {what}")
    row = _no_more(name, value, unit, target)
    return replace(row, floor_or_peer=bound, ratio=value / bound)


def _no_more(name: str, value: float, unit: str, target: float) -> BenchRow:
    return BenchRow(
        name=name, value=value, unit=unit, target=f"<= {target:g} {unit}", met=value <= target
    )


def _within(name: str, value: float, least: float, most: float, note: str) -> BenchRow:
    target = (
        f">= {100.0 * least:g} %" if most >= 1.0 else f"{100.0 * least:g} to {100.0 * most:g} %"
    )
    return BenchRow(
        name=name,
        value=100.0 * value,
        unit="%",
        target=target,
        met=least <= value <= most,
        note=note,
    )
