"""Missile or launcher of satellites: what the tracker states of launches of every kind, and when.

Launchers, missiles lofted, over the least energy, depressed and long-range, and the published
flights, each flown and seen anew by the two made-up sensors. A launch that has no class yet
counts as undetermined.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from bench.flown_worlds import EYE, RADAR, FlownWorld
from bench.launched_worlds import Style, launchers, missiles
from bench.made_burnouts import burnouts_of_missiles, seen_with
from bench.row import BenchRow

from bongsu.exercise.probability_score import brier_score, calibration_gap, reliability
from bongsu.exercise.scenario import ScenarioSensor
from bongsu.physics.arrays import Floats
from bongsu.tracking.outlook.classification import free_flight_shares, stated
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.estimates import ClassProbability, ObjectClass
from bongsu.vocabulary.launch_kind import LaunchKind, launch_kind
from bongsu.vocabulary.track import TrackPicture, TrackStatus
from bongsu.vocabulary.units import SensorId

EACH, FULL_EACH = 8, 40  # launchers, and missiles of each made-up style
PUBLISHED_TOO = 2  # times as many
FIRST_SEED = 50_000  # no seed of a fit
MISSILES = 1_000
SIGMAS_MPS = (40.0, 10.0, 2.0)  # of velocity: at burnout, half a minute and two minutes later
JUST_AFTER_S = 0.5
AT_LOFTED = "T+100 s"
AT_BURNOUT = "first burnout"
LATER = "last burnout + 30 s"
CLASSES = tuple(ObjectClass)
SENSORS = (EYE, RADAR)
# Made up: the same sensor again, over 165 degrees east, so that two lines of sight cross.
OTHER_EYE = replace(
    EYE,
    site=replace(EYE.site, sensor_id=SensorId("XB-IR-1"), longitude_rad=float(np.radians(165.0))),
    scan_offset_s=0.75,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was stated of one launch at one moment."""

    style: Style | None  # None: a launcher
    object_class: ObjectClass
    moment: str
    classification: tuple[ClassProbability, ...]

    @property
    def kind(self) -> LaunchKind:
        return launch_kind(self.classification) or LaunchKind.UNDETERMINED

    @property
    def is_launcher(self) -> bool:
        return self.style is None

    @property
    def is_right(self) -> bool:
        wanted = LaunchKind.SATELLITE_LAUNCHER if self.is_launcher else LaunchKind.MISSILE
        return self.kind is wanted


def rows(*, full: bool = False) -> Iterator[BenchRow]:
    """The rows on kinds, then those on probabilities, then the rule of orbits alone."""
    each = FULL_EACH if full else EACH
    said = statements(each)
    yield from _kinds(said)
    yield _lofted_with_two_eyes(each)
    yield from _probabilities(said)
    yield _false_orbits()


def statements(each: int, *, first_seed: int = FIRST_SEED) -> list[Said]:
    """Everything that is said of `each` launchers and missiles of each style."""
    flown: Iterator[tuple[Style | None, FlownWorld]] = chain(
        ((None, world) for world in launchers(each, first_seed=first_seed)),
        (
            (style, world)
            for style in Style
            for world in missiles(style, _number(style, each), first_seed=first_seed)
        ),
    )
    return [
        one
        for number, (style, world) in enumerate(flown)
        for one in _said_of(style, world, first_seed + number, SENSORS)
    ]


def _number(style: Style, each: int) -> int:
    return PUBLISHED_TOO * each if style is Style.PUBLISHED else each


def _lofted_with_two_eyes(each: int) -> BenchRow:
    """Lofted missiles while a slow one is still below the radar's horizon."""
    worlds = missiles(Style.LOFTED, each, first_seed=FIRST_SEED)
    said = [
        next(
            _said_of(Style.LOFTED, world, FIRST_SEED + number, (*SENSORS, OTHER_EYE), (AT_LOFTED,))
        )
        for number, world in enumerate(worlds)
    ]
    return _share("the same, with a second infrared sensor", said, 0.99)


def _said_of(
    style: Style | None,
    world: FlownWorld,
    seed: int,
    sensors: tuple[ScenarioSensor, ...],
    wanted: Sequence[str] = (AT_LOFTED, AT_BURNOUT, LATER),
) -> Iterator[Said]:
    figures = world.figures
    moments = {
        AT_LOFTED: 100.0,
        AT_BURNOUT: figures.ends_of_burning_s[0] + JUST_AFTER_S,
        LATER: figures.burnout_s + 30.0,
    }
    waiting = sorted(wanted, key=moments.__getitem__)
    tracker = Tracker([sensor.site for sensor in sensors], name="XA-1")
    for batch in world.batches(sensors, moments[waiting[-1]] + 2.0, seed=seed):
        while waiting and world.since_launch_s(batch.observed_at) > moments[waiting[0]]:
            moment = waiting.pop(0)
            picture = tracker.picture(now=world.at(moments[moment]))
            yield Said(
                style=style,
                object_class=world.scenario.flights[0].object_class,
                moment=moment,
                classification=_nearest(picture, world, moments[moment]),
            )
        tracker.process(batch, now=batch.observed_at)
        tracker.picture(now=batch.observed_at)


def _nearest(
    picture: TrackPicture, world: FlownWorld, seconds: float
) -> tuple[ClassProbability, ...]:
    """What is said of the track that is nearest to the payload."""
    truth = world.payload.path.state_at(seconds)[:3]
    alive = [track for track in picture.tracks if track.status is not TrackStatus.DROPPED]
    if not alive:
        return ()
    nearest = min(alive, key=lambda one: float(np.linalg.norm(one.position_ecef_m - truth)))
    return nearest.classification


def _kinds(said: Sequence[Said]) -> Iterator[BenchRow]:
    lofted = [one for one in said if one.style is Style.LOFTED and one.moment == AT_LOFTED]
    launched = [one for one in said if one.is_launcher]
    early = [one for one in launched if one.moment != LATER]
    far = [
        one
        for one in said
        if one.moment == AT_BURNOUT and (one.is_launcher or one.style is Style.LONG_RANGE)
    ]
    told = [one for one in far if one.kind is not LaunchKind.UNDETERMINED]
    missiles_said = [one for one in said if not one.is_launcher]
    yield _share("lofted missiles called missiles at T+100 s", lofted, 0.99)
    wrong = [one for one in early if one.kind is LaunchKind.MISSILE]
    yield BenchRow(
        name="launchers called missiles until the first burnout",
        value=100.0 * len(wrong) / len(early),
        unit="%",
        target="<= 1 %",
        met=len(wrong) <= 0.01 * len(early),
        note=f"{len(early)} statements",
    )
    yield _share(
        "long range: right at the first burnout, where determined",
        told,
        0.90,
        note=f"{len(far) - len(told)} of {len(far)} undetermined",
    )
    orbits = [one for one in launched if one.moment == LATER]
    yield _share("launchers called that 30 s after the last burnout", orbits, None)
    known = [one for one in said if one.style is Style.PUBLISHED and one.moment == LATER]
    yield _share("published missiles called that 30 s after the last burnout", known, None)
    false = [one for one in missiles_said if one.kind is LaunchKind.SATELLITE_LAUNCHER]
    yield BenchRow(
        name="missiles called satellite launchers, at any moment",
        value=len(false),
        unit="",
        target="<= 0",
        met=not false,
        note=f"{len(missiles_said)} statements",
    )


def _probabilities(said: Sequence[Said]) -> Iterator[BenchRow]:
    for moment in (AT_LOFTED, AT_BURNOUT, LATER):
        stated_at, truth = probabilities([one for one in said if one.moment == moment])
        base = np.bincount(truth, minlength=len(CLASSES)) / len(truth)
        score = brier_score(stated_at, truth)
        floor = brier_score(np.tile(base, (len(truth), 1)), truth)
        yield BenchRow(
            name=f"Brier score of the class at {moment}",
            value=score,
            unit="",
            floor_or_peer=floor,
            ratio=score / floor,
            note=f"{len(truth)} launches; beside it: their shares, stated every time",
        )
    stated_ever, truth = probabilities(said)
    gap = calibration_gap(reliability(stated_ever, truth))
    yield BenchRow(
        name="stated probability against how often it was so, mean gap",
        value=gap,
        unit="",
        target="<= 0.05",
        met=gap <= 0.05,
        note=f"{len(truth)} statements",
    )


def probabilities(said: Sequence[Said]) -> tuple[Floats, list[int]]:
    """Stated probabilities (n, classes) and the index of each true class, where any is stated."""
    spoken = [one for one in said if one.classification]
    table = np.zeros((len(spoken), len(CLASSES)))
    for row, one in enumerate(spoken):
        for entry in one.classification:
            table[row, CLASSES.index(entry.object_class)] = entry.probability
    return table, [CLASSES.index(one.object_class) for one in spoken]


def _false_orbits() -> BenchRow:
    """The rule alone, on estimates of made-up burnouts of missiles that differ widely."""
    rng = np.random.default_rng(FIRST_SEED)
    truth = burnouts_of_missiles(MISSILES, rng)
    named = 0
    for sigma_mps in SIGMAS_MPS:
        seen, covariance = seen_with(truth, sigma_mps, rng)
        kinds = [launch_kind(stated(one)) for one in free_flight_shares(seen, covariance)]
        named += kinds.count(LaunchKind.SATELLITE_LAUNCHER)
    return BenchRow(
        name="missiles called orbital by their perigee",
        value=named,
        unit="",
        target="<= 0",
        met=named == 0,
        note=f"{MISSILES} missiles, each estimated {len(SIGMAS_MPS)} times",
    )


def _share(name: str, said: Sequence[Said], least: float | None, *, note: str = "") -> BenchRow:
    right = sum(one.is_right for one in said)
    share = right / len(said) if said else float("nan")
    return BenchRow(
        name=name,
        value=100.0 * share,
        unit="%",
        target="" if least is None else f">= {100.0 * least:g} %",
        met=None if least is None else share >= least,
        note=note or f"{right} of {len(said)}",
    )
