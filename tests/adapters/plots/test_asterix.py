"""Records are encoded by libasterix here, by its own description of each item."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from asterix import generated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.adapters.made_up_recordings import RADAR

from bongsu.adapters.plots.asterix import days_joined, elevations_rad
from bongsu.adapters.plots.files import read_plots
from bongsu.adapters.plots.recording import Recording
from bongsu.physics.frames import enu_to_ecef
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.sensor_tables import RadarTable, site_of

PLOT: Any = generated.Cat_048_1_32
TRACK: Any = generated.Cat_062_1_20
SERVICE: Any = generated.Cat_034_1_29
CATEGORIES: Any = generated.manifest["CATS"]
SOURCE = {"010": (("SAC", 25), ("SIC", 10))}


def radar(**changed: Any) -> SensorSite:
    table = RADAR | {"id": "SAC-25-SIC-10", "scan_interval_s": 4.0} | changed
    return site_of(msgspec.convert(table, RadarTable))


def plot(second: float, **items: Any) -> bytes:
    content = SOURCE | {
        "140": (second, "s"),
        "040": (("RHO", (50.0, "NM")), ("THETA", (45.0, "°"))),
        "110": (0, ("3DH", (30_000.0, "ft"))),
    }
    return record(PLOT, content | {name.removeprefix("i"): item for name, item in items.items()})


def record(category: Any, content: dict[str, Any]) -> bytes:
    kept = {name: item for name, item in content.items() if item is not None}
    block: bytes = category.create([category.cv_record.create(kept)]).unparse().to_bytes()
    return block


def read(folder: Path, *blocks: bytes, sensors: tuple[SensorSite, ...] = ()) -> Recording:
    path = folder / "plots.ast"
    path.write_bytes(b"".join(blocks))
    return read_plots(path, detection_probability=0.9, sensors=sensors or (radar(),))


def test_a_plot_comes_out_in_metres_and_radians(tmp_path: Path) -> None:
    recorded = read(tmp_path, plot(3_600.5))
    assert recorded.observed_ns.tolist() == [3_600_500_000_000]
    range_m, azimuth_rad, elevation_rad = recorded.plots[0]
    assert range_m == 50.0 * 1_852.0
    assert azimuth_rad == pytest.approx(np.pi / 4.0, abs=1e-4)  # 360 / 65,536 degrees a step
    east = range_m * np.cos(elevation_rad) * np.sin(azimuth_rad)
    north = range_m * np.cos(elevation_rad) * np.cos(azimuth_rad)
    site = recorded.sensors[0]
    place = enu_to_ecef(
        np.array([east, north, range_m * np.sin(elevation_rad)]),
        site.latitude_rad,
        site.longitude_rad,
        site.height_m,
    )
    assert ecef_to_geodetic(place)[2] == pytest.approx(30_000.0 * 0.3048, abs=0.1)


def test_elevations_lead_to_their_heights_out_to_3000_km() -> None:
    site = radar()
    rng = np.random.default_rng(5)
    range_m = rng.uniform(200e3, 3_000e3, 400)
    azimuth = rng.uniform(-np.pi, np.pi, 400)
    elevation = rng.uniform(0.0, 1.4, 400)
    ground = range_m * np.cos(elevation)
    places = np.stack(
        [ground * np.sin(azimuth), ground * np.cos(azimuth), range_m * np.sin(elevation)], axis=-1
    )
    ecef = enu_to_ecef(places, site.latitude_rad, site.longitude_rad, site.height_m)
    found = elevations_rad(site, range_m, azimuth, ecef_to_geodetic(ecef)[2])
    assert np.abs(found - elevation).max() < 1e-4  # a tenth of a good radar's sigma
    near = range_m < 500e3
    assert np.abs(found - elevation)[near].max() < 1e-8
    assert np.isnan(elevations_rad(site, np.array([1e3]), np.zeros(1), np.array([50e3]))).all()
    assert np.isnan(elevations_rad(site, np.zeros(1), np.zeros(1), np.array([9e3]))).all()


def test_a_flight_level_stands_in_for_a_height(tmp_path: Path) -> None:
    level = plot(1.0, i110=None, i090=(0, 0, ("FL", (300.0, "FL"))))
    both = read(tmp_path, level), read(tmp_path, plot(1.0))
    assert both[0].plots == pytest.approx(both[1].plots)


def test_what_is_no_plot_is_left_out_and_counted(tmp_path: Path) -> None:
    descriptor = {"TYP": 5, "SIM": 0, "RDP": 0, "SPI": 0, "RAB": 0}

    def described(**changed: int) -> bytes:
        first = tuple((descriptor | changed).items())
        return plot(1.0, i020=((*first, None),))

    recorded = read(
        tmp_path,
        plot(1.0),
        described(),
        described(SIM=1),
        described(TYP=0),
        plot(1.0, i040=None),
        plot(1.0, i110=None),
        plot(1.0, i140=None),
    )
    assert len(recorded.plots) == 2
    assert set(recorded.notes) == {
        "left out: 1 records of simulated targets",
        "left out: 1 records of no detection",
        "left out: 1 records without a measured position",
        "left out: 1 records without a height",
        "left out: 1 records without a time of day",
    }


@pytest.mark.parametrize("edition", CATEGORIES[48])
def test_plots_of_every_edition_that_is_known_read_the_same(tmp_path: Path, edition: Any) -> None:
    typed = (("TYP", 5), ("SIM", 0), ("RDP", 0), ("SPI", 0), ("RAB", 0), None)
    content = SOURCE | {
        "140": (3_600.5, "s"),
        "020": (typed,),
        "040": (("RHO", (50.0, "NM")), ("THETA", (45.0, "°"))),
        "090": (0, 0, ("FL", (300.0, "FL"))),
        "110": (0, ("3DH", (30_000.0, "ft"))),
        "161": (0, ("TRN", 7)),
    }
    recorded = read(tmp_path, record(edition, content))
    assert recorded.plots == pytest.approx(read(tmp_path, plot(3_600.5)).plots)
    assert recorded.notes == ()


@pytest.mark.parametrize("edition", CATEGORIES[62])
def test_system_tracks_of_every_edition_that_is_known_read_the_same(
    tmp_path: Path, edition: Any
) -> None:
    place = (("LAT", (38.0, "°")), ("LON", (127.5, "°")))
    content = SOURCE | {"070": (9.0, "s"), "040": 7, "105": place, "136": (300.0, "FL")}
    newest = read(tmp_path, record(TRACK, content | {"136": None, "130": (30_000.0, "ft")}))
    assert read(tmp_path, record(edition, content)).plots == pytest.approx(newest.plots)


def test_service_messages_are_stepped_over(tmp_path: Path) -> None:
    north = record(SERVICE, SOURCE | {"000": 1, "030": (4.0, "s")})
    assert len(read(tmp_path, north, plot(4.5), north, plot(8.5))) == 2


def test_a_turning_radars_scan_is_cut_into_sectors(tmp_path: Path) -> None:
    seconds = np.round(np.linspace(0.0, 39.9, 400) * 128.0) / 128.0
    recorded = read(tmp_path, *(plot(float(second)) for second in seconds))
    assert len(recorded) == 320
    assert recorded.sensors[0].detection_probability == pytest.approx(0.9 / 32.0)
    assert recorded.notes[-1].startswith("plots are up to 0.0")


def test_a_radar_that_sees_all_at_once_is_taken_scan_by_scan(tmp_path: Path) -> None:
    recorded = read(tmp_path, *(plot(4.0 * scan) for scan in range(9) for _ in range(3)))
    assert len(recorded) == 9
    assert recorded.sensors[0].detection_probability == 0.9
    assert recorded.notes == ()


def test_midnight_is_passed_and_not_gone_back_to(tmp_path: Path) -> None:
    assert days_joined(np.array([86_399.0, 3.0, 86_399.5, 7.0])).tolist() == [
        86_399.0,
        86_403.0,
        86_399.5,
        86_407.0,
    ]
    recorded = read(tmp_path, plot(86_396.0), plot(0.0), plot(4.0))
    assert np.diff(recorded.observed_ns).tolist() == [4_000_000_000] * 2


def test_another_systems_track_is_read_as_a_plot_of_its_place(tmp_path: Path) -> None:
    place = (("LAT", (38.0, "°")), ("LON", (127.5, "°")))
    content = SOURCE | {"070": (9.0, "s"), "040": 7, "105": place, "130": (30_000.0, "ft")}
    lost = content | {"105": None}
    low = content | {"130": None}
    recorded = read(tmp_path, *(record(TRACK, one) for one in (content, lost, low)))
    range_m, azimuth_rad, elevation_rad = recorded.plots[0]
    # By hand, on a sphere of 6,371 km: 0.5 degrees north, 0.5 east at 37.75 degrees.
    assert range_m == pytest.approx(np.hypot(55.6e3, 44.0e3), rel=0.01)
    assert azimuth_rad == pytest.approx(np.arctan2(44.0, 55.6), abs=0.01)
    assert elevation_rad == pytest.approx(8_944.0 / 70.9e3 - 70.9e3 / 2.0 / 6.371e6, abs=0.002)
    assert any("stated uncertainty is too small" in note for note in recorded.notes)
    assert "left out: 1 records without a position" in recorded.notes
    assert "left out: 1 records without a height" in recorded.notes


def test_a_source_that_is_not_described_is_named_as_it_has_to_be(tmp_path: Path) -> None:
    with pytest.raises(LocalMisuse, match=r"SAC-25-SIC-10.*--sensors FILE, under the id SAC-25"):
        read(tmp_path, plot(1.0), sensors=(radar(id="KR-RADAR-1"),))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x30\x00", "does not fit"),
        (b"\x30\x00\x02", "does not fit"),
        (b"\x30\xff\xff", "does not fit"),
        (b"\x30\x00\x04\xff", "byte 0: CAT 048"),
        (plot(1.0) + b"\x01\x00\x04\x80", "category 1"),
        (plot(1.0) + plot(2.0)[:-2], "does not fit"),
    ],
)
def test_broken_blocks_are_named_by_their_byte(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(LocalMisuse, match=words):
        read(tmp_path, content)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_damaged_records_give_a_recording_or_one_clear_error(
    tmp_path: Path, data: st.DataObject
) -> None:
    whole = plot(1.0) + plot(2.0, i110=None, i090=(0, 0, ("FL", (300.0, "FL"))))
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(3, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        recorded = read(tmp_path, bytes(content))
    except LocalMisuse:
        return
    for number in range(len(recorded)):
        recorded.batch(number)
