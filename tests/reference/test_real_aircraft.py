"""Association and out-of-order handling on real noise: aircraft that nobody here made up.

Positions that aircraft round Paris sent on 7 October 2021, one a second each at most, from the
samples of the Python package traffic (MIT). They are stale, repeated, rounded to 25 ft and
missing now and then, as they came. An aircraft is no missile: it does not fall, which the
tracker, made for what does, has to take as a manoeuvre from the first plot on. So what is
tested is which plot is given to which track, by the transponder's address that the tracker
never sees, and not the estimate.
"""

import gzip
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bongsu.physics.frames import ecef_to_enu
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.tracking import PlotBatch, SensorSite, Tracker, UtcNs, plot_batch, sensor_site

DATA = Path(__file__).parents[2] / ".cache" / "data"
SAMPLE = "traffic/data/samples/collections/quickstart.json.gz"
WINDOW_S = 240
STARTS = (1_633_609_201, 1_633_613_402, 1_633_615_803)
LOWEST_FT, HIGHEST_FT = 3_000.0, 60_000.0  # above houses; below what no airliner reaches
M_PER_FT = 0.3048
NS = 1_000_000_000


class Position(msgspec.Struct):
    icao24: str
    timestamp: int  # ms
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None  # ft, pressure


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What became of the plots, by the aircraft whose they are."""

    plots: int
    used: int
    of_the_tracks_own: int  # of those used: of the aircraft that most of the track's plots are of
    tracks_per_aircraft: float  # of those seen for at least half of the time


@pytest.fixture(scope="module")
def positions() -> list[Position]:
    wheels = sorted(DATA.glob("traffic-*.whl"))
    if not wheels:
        pytest.skip("recorded aircraft positions are not there: make data")
    with zipfile.ZipFile(wheels[-1]) as wheel:
        content = gzip.decompress(wheel.read(SAMPLE))
    return msgspec.json.decode(content, type=list[Position])


@cache
def radar_site() -> SensorSite:
    """A made-up radar near Paris; its sigmas stand for positions up to half a second old."""
    return sensor_site(
        {
            "kind": "radar",
            "id": "LAB-RADAR-1",
            "nation": "XA",
            "latitude_deg": 48.9,
            "longitude_deg": 2.4,
            "height_m": 100.0,
            "sigma_range_m": 150.0,
            "sigma_azimuth_mrad": 1.5,
            "sigma_elevation_mrad": 1.5,
            "scan_interval_s": 1.0,
            "detection_probability": 0.9,
            "clutter_per_scan": 1.0,
            "maximum_range_km": 300.0,
            "minimum_elevation_deg": 0.3,
        }
    )


def scans(positions: list[Position], start_s: int) -> Iterator[tuple[PlotBatch, list[str]]]:
    """A batch for each second, and whose its plots are."""
    by_second: dict[int, list[Position]] = defaultdict(list)
    for one in positions:
        stated = None not in (one.latitude, one.longitude, one.altitude)
        if stated and LOWEST_FT < (one.altitude or 0.0) < HIGHEST_FT:
            by_second[one.timestamp // 1_000].append(one)
    for second in range(start_s, start_s + WINDOW_S):
        there = by_second[second]
        places = np.array([(one.latitude, one.longitude, one.altitude) for one in there], float)
        latitude, longitude, altitude = places.reshape(-1, 3).T
        ecef = geodetic_to_ecef(np.radians(latitude), np.radians(longitude), altitude * M_PER_FT)
        radar = radar_site()
        east, north, up = ecef_to_enu(
            ecef, radar.latitude_rad, radar.longitude_rad, radar.height_m
        ).T
        ground = np.hypot(east, north)
        plots = np.stack(
            [np.hypot(ground, up), np.arctan2(east, north), np.arctan2(up, ground)], axis=-1
        )
        batch = plot_batch(
            radar, plots, sequence=second - start_s + 1, observed_at=UtcNs(second * NS)
        )
        yield batch, [one.icao24 for one in there]


def followed(positions: list[Position], start_s: int, *, latest_s: float) -> Given:
    """Every batch comes up to so much late, and so in another order."""
    rng = np.random.default_rng(start_s)
    owners: dict[tuple[int, tuple[float, ...]], str] = {}
    arriving = []
    for batch, names in scans(positions, start_s):
        for plot, name in zip(batch.measurements, names, strict=True):
            owners[batch.observed_at, plot] = name
        late_ns = round(rng.uniform(0.0, latest_s) * NS)
        arriving.append((UtcNs(batch.observed_at + late_ns), batch))
    tracker = Tracker([radar_site()], name="AIR")
    given: dict[str, list[str]] = defaultdict(list)
    for now, batch in sorted(arriving, key=lambda one: one[0]):
        tracker.process(batch, now=now)
        for scan in tracker.picture(now=now).scans:
            for taken in scan.plots:
                given[taken.track_id].append(owners[scan.observed_at, taken.measurement])
    assert not tracker.refused
    return _summed(given, Counter(owners.values()))


def _summed(given: dict[str, list[str]], seen: Counter[str]) -> Given:
    tracks = defaultdict(set)
    for track_id, names in given.items():
        for name in names:
            tracks[name].add(track_id)
    long = [name for name, count in seen.items() if count > WINDOW_S / 2]
    return Given(
        plots=seen.total(),
        used=sum(map(len, given.values())),
        of_the_tracks_own=sum(max(Counter(names).values()) for names in given.values()),
        tracks_per_aircraft=float(np.mean([len(tracks[name]) for name in long])),
    )


@pytest.mark.parametrize(
    ("start_s", "latest_s", "used", "own", "tracks"),
    [
        (STARTS[0], 0.0, 0.98, 0.99, 1.1),
        (STARTS[0], 3.0, 0.98, 0.985, 1.1),
        (STARTS[1], 3.0, 0.98, 0.985, 1.1),
        (STARTS[2], 3.0, 0.98, 0.985, 1.1),
        (STARTS[1], 8.0, 0.95, 0.95, 1.9),
    ],
)
def test_real_aircraft_keep_their_plots_and_their_tracks_in_any_order(
    positions: list[Position],
    start_s: int,
    latest_s: float,
    used: float,
    own: float,
    tracks: float,
) -> None:
    """Some 4,500 to 6,400 plots of 25 to 36 aircraft; two plots a track go before it stands.

    Over four orders of each window the worst figures are 0.987, 0.991 and 1.06 up to 3 s late.
    At 8 s they are 0.955, 0.961 and 1.75. Why was not looked into; where a state is moved back,
    the noise that a turn adds is left out.
    """
    result = followed(positions, start_s, latest_s=latest_s)
    assert result.plots > 4_000
    assert result.used > used * result.plots
    assert result.of_the_tracks_own > own * result.used
    assert result.tracks_per_aircraft <= tracks
