"""Changes of phase: how soon they are found, how often falsely, and how honest the state is then.

Every published flight that a generic boost meets, each time scattered anew: an infrared sensor and
a radar see it rise, another radar sees it come down. The errors of all flights at one time from
the event are weighed against the covariances that were stated. Beside a burnt-out stage a track
may be of either: nothing tells them apart, and the tracker says so. Its error is then that from
the nearer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from bench.flown_worlds import EYE, RADAR, FlownWorld, flown_worlds
from bench.row import BenchRow
from numpy.typing import NDArray

from bongsu.exercise.scenario import ScenarioSensor
from bongsu.exercise.sensors import plots_of_scan
from bongsu.physics.geodesic_lines import geodesic_direct
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.tracking.flight.prediction import AIR_HEIGHT_M
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.track import Phase, Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import TrackId

Floats = NDArray[np.float64]

ROUNDS, FULL_ROUNDS = 1, 3  # of all flights, each with another scatter
AFTER_BURNOUT_S = 60
BEFORE_AIR_S = 60.0
ABEAM_M = 100e3
FOLLOWED_M = 20e3  # from the truth: farther off a track is another object's
FEWEST_FLIGHTS = 20
COMPONENTS = 6
ODD = (Phase.GLIDE, Phase.MANOEUVRE)


@dataclass(slots=True, kw_only=True)
class Found:
    """What was measured; times in s, squared errors by whole seconds from the event."""

    flights: int = 0
    burnout_s: list[float] = field(default_factory=list)
    staging_s: list[float] = field(default_factory=list)
    reentry_s: list[float] = field(default_factory=list)
    taken_back: int = 0  # flights with a track that was said to burn no more, then again
    false_glide: int = 0  # flights of which anything was said not to fall freely
    at_burnout: dict[int, list[float]] = field(default_factory=dict)
    at_reentry: dict[int, list[float]] = field(default_factory=dict)


def rows(*, full: bool = False) -> Iterator[BenchRow]:
    """Delays, false changes and consistency."""
    found = Found()
    for number in range(FULL_ROUNDS if full else ROUNDS):
        for index, world in enumerate(flown_worlds(first_seed=1_000 * number)):
            seed = 1_000 * number + index
            found.flights += 1
            _watch_rise(world, seed, found)
            _watch_fall(world, seed, found)
    note = f"{found.flights} flights"
    yield _no_more("burnout found, median delay", float(np.median(found.burnout_s)), "s", 3.0, note)
    staging_s = float(np.median(found.staging_s))
    stages = f"{len(found.staging_s)} stages"
    yield _no_more("staging found, median delay", staging_s, "s", 3.0, stages)
    yield _no_more(
        "re-entry found, median delay", float(np.median(found.reentry_s)), "s", 3.0, note
    )
    hundred = 100.0 / found.flights
    taken_back = hundred * found.taken_back
    yield _no_more("flights with a change that was taken back", taken_back, "in 100", 1.0, note)
    yield _no_more("falsely gliding", hundred * found.false_glide, "in 100", 1.0, note)
    for name, errors in (("burnout", found.at_burnout), ("re-entry", found.at_reentry)):
        yield _consistency(name, errors)


def _watch_rise(world: FlownWorld, seed: int, found: Found) -> None:
    """From the launch to a minute after burnout."""
    burnout_s = world.figures.burnout_s
    tracker = Tracker([EYE.site, RADAR.site], name="XA-1")
    known: TrackId | None = None
    said: dict[TrackId, list[Phase]] = {}
    delay_s, parted_s = None, dict[int, float]()
    for batch in world.batches((EYE, RADAR), burnout_s + AFTER_BURNOUT_S, seed=seed):
        tracker.process(batch, now=batch.observed_at)
        picture = tracker.picture(now=batch.observed_at)
        seconds = world.since_launch_s(batch.observed_at)
        truth = world.payload.path.state_at(seconds)
        _note_staging(parted_s, world, picture, seconds)
        for one in picture.tracks:
            if (phases := said.setdefault(one.track_id, []))[-1:] != [one.phase]:
                phases.append(one.phase)
        track = _followed(picture, truth, known if seconds > burnout_s else None)
        if track is None:
            continue
        known = track.track_id
        _note_error(found.at_burnout, seconds - burnout_s, track, _bodies(world, seconds))
        if delay_s is None and seconds >= burnout_s and track.phase is not Phase.BOOST:
            delay_s = seconds - burnout_s
    if delay_s is not None:
        found.burnout_s.append(delay_s)
    found.staging_s.extend(parted_s.values())
    found.taken_back += any(_taken_back(phases) for phases in said.values())


def _note_staging(
    parted_s: dict[int, float], world: FlownWorld, picture: TrackPicture, seconds: float
) -> None:
    """When each spent stage, but the last, first has a track without thrust, while one burns on."""
    if all(track.phase is not Phase.BOOST for track in picture.tracks):
        return
    for stage, ended_s in enumerate(world.figures.ends_of_burning_s[:-1], 1):
        if stage in parted_s or seconds <= ended_s:
            continue
        body = next(one for one in world.truth.objects if one.name == f"stage {stage}")
        truth = body.path.state_at(seconds)
        near = (one for one in picture.tracks if _off_m(one, truth) < FOLLOWED_M)
        if any(one.phase is not Phase.BOOST for one in near):
            parted_s[stage] = seconds - ended_s


def _taken_back(phases: list[Phase]) -> bool:
    """Whether a track was said to burn again, which none does here, or to manoeuvre."""
    burned = phases.index(Phase.BOOST) if Phase.BOOST in phases else len(phases)
    again = Phase.BOOST in phases[burned + 1 :]
    return again or any(phase in ODD for phase in phases)


def _watch_fall(world: FlownWorld, seed: int, found: Found) -> None:
    """From a minute above the air to the ground, by a radar abeam of the place of impact."""
    radar, path = _radar_at_the_fall(world), world.payload.path
    tracker = Tracker([radar.site], name="XA-2")
    ends_s, launch_s = world.payload.ends_s, world.scenario.flights[0].launch_delay_s
    enters_s = _enters_air_s(world)
    first_s = max(enters_s - BEFORE_AIR_S, world.figures.burnout_s + AFTER_BURNOUT_S)
    delay_s, odd = None, False
    for number in range(int(first_s + launch_s), int(ends_s + launch_s)):
        batch = plots_of_scan(radar, world.truth, number, seed=seed)
        tracker.process(batch, now=batch.observed_at)
        picture = tracker.picture(now=batch.observed_at)
        odd = odd or any(track.phase in ODD for track in picture.tracks)
        seconds = world.since_launch_s(batch.observed_at)
        if not path.time_s[0] <= seconds <= ends_s:
            continue
        track = _followed(picture, path.state_at(seconds), None)
        if track is None:
            continue
        _note_error(found.at_reentry, seconds - enters_s, track, path.state_at(seconds)[None])
        if delay_s is None and track.phase is Phase.REENTRY:
            delay_s = seconds - enters_s
    if delay_s is not None and enters_s - first_s > 0.5 * BEFORE_AIR_S:
        found.reentry_s.append(delay_s)
    found.false_glide += odd


def _enters_air_s(world: FlownWorld) -> float:
    """When the payload comes down through the top of the air, or through its own peak below it."""
    path = world.payload.path
    times = np.arange(world.figures.burnout_s, path.duration_s, 0.25)
    heights = ecef_to_geodetic(path.state_at(times)[:, :3])[2]
    falling = np.arange(len(times)) > np.argmax(heights)
    return float(times[np.argmax(falling & (heights < AIR_HEIGHT_M))])


def _radar_at_the_fall(world: FlownWorld) -> ScenarioSensor:
    figures = world.figures
    start = figures.launch_point
    latitude, longitude, onward = geodesic_direct(
        start.latitude_rad, start.longitude_rad, figures.bearing_rad, figures.range_m
    )
    latitude, longitude, _ = geodesic_direct(latitude, longitude, onward + 0.5 * np.pi, ABEAM_M)
    site = replace(RADAR.site, latitude_rad=float(latitude), longitude_rad=float(longitude))
    return replace(RADAR, site=site)


def _followed(picture: TrackPicture, truth: Floats, known: TrackId | None) -> Track | None:
    """The known track, else the one that is nearest to the truth."""
    near = [
        track
        for track in picture.tracks
        if track.status is not TrackStatus.DROPPED and _off_m(track, truth) < FOLLOWED_M
    ]
    same = [track for track in near if track.track_id == known]
    return same[0] if same else min(near, key=lambda track: _off_m(track, truth), default=None)


def _off_m(track: Track, truth: Floats) -> float:
    return float(np.linalg.norm(np.array(track.position_ecef_m) - truth[:3]))


def _bodies(world: FlownWorld, seconds: float) -> Floats:
    """States (k, 6) of all that flies of the flight."""
    states, _ = world.truth.states_at(world.at(seconds))
    return np.asarray(states[np.isfinite(states).all(axis=1)])


def _note_error(
    errors: dict[int, list[float]], since_s: float, track: Track, truths: Floats
) -> None:
    """The squared error in sigmas, of six components, from the likeliest of true states (k, 6)."""
    upper = np.zeros((COMPONENTS, COMPONENTS))
    upper[np.triu_indices(COMPONENTS)] = track.covariance
    covariance = upper + upper.T - np.diag(np.diag(upper))
    off = np.array(track.position_ecef_m + track.velocity_ecef_mps) - truths
    squared = float(np.einsum("ki,ik->k", off, np.linalg.solve(covariance, off.T)).min())
    errors.setdefault(int(np.floor(since_s)), []).append(squared)


def _consistency(name: str, errors: dict[int, list[float]]) -> BenchRow:
    scans = [squared for squared in errors.values() if len(squared) >= FEWEST_FLIGHTS]
    inside = [
        abs(np.mean(squared) - COMPONENTS) < 1.96 * np.sqrt(2.0 * COMPONENTS / len(squared))
        for squared in scans
    ]
    middle = float(np.median([np.mean(squared) for squared in scans]))
    share = float(np.mean(inside))
    return BenchRow(
        name=f"phases: NEES in its 95 % band around {name}",
        value=100.0 * share,
        unit="%",
        target=">= 90 %",
        met=share >= 0.9,
        note=f"{len(scans)} s, median NEES {middle:.1f} of {COMPONENTS}",
    )


def _no_more(name: str, value: float, unit: str, target: float, note: str) -> BenchRow:
    return BenchRow(
        name=f"phases: {name}",
        value=value,
        unit=unit,
        target=f"<= {target:g} {unit}",
        met=value <= target,
        note=note,
    )
