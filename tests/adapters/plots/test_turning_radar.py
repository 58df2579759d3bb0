"""A turning radar's plots, by way of ASTERIX, through the tracker."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from asterix import generated
from tests.tracking.made_up_arcs import SITE, Floats, seen_from

from bongsu.adapters.plots import asterix as plots_asterix
from bongsu.adapters.plots.files import read_plots
from bongsu.physics.frames import enu_axes, enu_to_ecef
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.physics.propagation import propagate
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.units import SensorId

OBJECTS, TURN_S, TURNS = 6, 4.0, 15
LOOKED_AT_EVERY = 8  # batches
RADAR = replace(
    SITE,
    sensor_id=SensorId("SAC-25-SIC-10"),
    scan_interval_s=TURN_S,
    sigmas=(60.0, 1.5e-3, 1.5e-3),
    clutter_per_scan=0.5,
    maximum_range_m=470e3,
)


def states_at_start(rng: np.random.Generator) -> Floats:
    places = np.stack([*rng.uniform(-200e3, 200e3, (2, OBJECTS)), rng.uniform(20e3, 30e3, 6)], -1)
    course = np.stack([*rng.uniform(-1e3, 1e3, (2, OBJECTS)), rng.uniform(400.0, 600.0, 6)], -1)
    there = enu_to_ecef(places, SITE.latitude_rad, SITE.longitude_rad, SITE.height_m)
    axes = enu_axes(SITE.latitude_rad, SITE.longitude_rad)
    return np.concatenate([there, course @ axes], axis=-1)


def recorded_turns(states: Floats, rng: np.random.Generator) -> bytes:
    """What the radar says of each object when its beam passes over it."""
    records = []
    for turn in range(TURNS):
        for state in states:
            at_start = propagate(state[None], turn * TURN_S)
            azimuth = seen_from(SITE, at_start)[0, 1] % (2.0 * np.pi)
            second = (turn + azimuth / (2.0 * np.pi)) * TURN_S
            plot = seen_from(SITE, propagate(state[None], second))[0]
            if rng.random() < SITE.detection_probability:
                records.append((second, plot + rng.standard_normal(3) * RADAR.sigmas))
    return b"".join(encoded(*record) for record in sorted(records, key=lambda record: record[0]))


def encoded(second: float, plot: Floats) -> bytes:
    range_m, azimuth, elevation = plot
    ground = range_m * np.cos(elevation)
    place = np.array(
        [ground * np.sin(azimuth), ground * np.cos(azimuth), range_m * np.sin(elevation)]
    )
    ecef = enu_to_ecef(place, SITE.latitude_rad, SITE.longitude_rad, SITE.height_m)
    category = generated.Cat_048_1_32
    polar = (("RHO", (range_m / 1_852.0, "NM")), ("THETA", (np.degrees(azimuth) % 360.0, "°")))
    content = {
        "010": (("SAC", 25), ("SIC", 10)),
        "140": (float(second), "s"),
        "040": polar,
        "110": (0, ("3DH", (float(ecef_to_geodetic(ecef)[2]) / 0.3048, "ft"))),
    }
    block: bytes = category.create([category.cv_record.create(content)]).unparse().to_bytes()  # type: ignore[arg-type]
    return block


def normed_squares(path: Path, states: Floats) -> tuple[int, float]:
    """Tracks at the end; mean square of the position's fault over its covariance, per axis."""
    recorded = read_plots(path, detection_probability=0.9, sensors=(RADAR,))
    tracker = Tracker(recorded.sensors, name="TURN")
    squares = []
    for number in range(len(recorded)):
        batch = recorded.batch(number)
        tracker.process(batch, now=recorded.received_at(number))
        if number < len(recorded) / 2 or number % LOOKED_AT_EVERY:
            continue
        truth = propagate(states, batch.observed_at / 1e9)[:, :3]
        tracks = tracker.confirmed()
        for state, covariance in zip(tracks.state, tracks.covariance, strict=True):
            fault = truth[np.linalg.norm(truth - state[:3], axis=1).argmin()] - state[:3]
            squares.append(fault @ np.linalg.solve(covariance[:3, :3], fault) / 3.0)
    return len(tracker.confirmed().number), float(np.mean(squares))


def test_sectors_keep_a_turning_radars_tracks_as_sure_as_they_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The squares of six tracks hang together: their mean is 1 +- 0.4."""
    rng = np.random.default_rng(9)
    states = states_at_start(rng)
    path = tmp_path / "turns.ast"
    path.write_bytes(recorded_turns(states, rng))
    tracks, squares = normed_squares(path, states)
    assert tracks == OBJECTS
    assert 0.5 < squares < 1.6
    monkeypatch.setattr(plots_asterix, "SECTORS", 1)
    _, whole_turns = normed_squares(path, states)
    assert whole_turns > 5.0
