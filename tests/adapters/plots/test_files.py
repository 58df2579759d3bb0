from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.adapters.made_up_recordings import (
    INFRARED,
    RADAR,
    SENSORS,
    START_NS,
    Row,
    infrared_row,
    radar_row,
    some_rows,
    toml_of,
    written_jsonl,
    written_npz,
    written_parquet,
)

from bongsu.adapters.plots.columns import NOT_STATED, arrivals_ns
from bongsu.adapters.plots.files import read_plots
from bongsu.adapters.plots.recording import Recording
from bongsu.adapters.plots.sensor_tables_file import read_sensor_tables
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm

Writer = Callable[..., Path]
WRITERS = (written_jsonl, written_npz, written_parquet)
HOUR_NS = 3_600_000_000_000


def read(path: Path, **changed: Any) -> Recording:
    return read_plots(path, detection_probability=0.9, **changed)


@pytest.mark.parametrize("write", WRITERS)
def test_every_format_of_columns_gives_the_same_batches(tmp_path: Path, write: Writer) -> None:
    recorded = read(write(tmp_path / "any-name.npz", some_rows(), SENSORS))
    batches = [recorded.batch(number) for number in range(len(recorded))]
    assert [batch.sensor_id for batch in batches] == [
        "KR-RADAR-1",
        "KR-RADAR-1",
        "US-IR-1",
        "KR-RADAR-1",
        "KR-RADAR-1",
    ]
    assert [(batch.observed_at - START_NS) / 1e9 for batch in batches] == [0.0, 1.0, 1.5, 3.0, 2.0]
    assert [batch.sequence for batch in batches] == [1, 2, 1, 3, 4]
    assert [batch.measurements for batch in batches] == [
        ((5e5, 0.3, 0.2), (6e5, 0.3, 0.2)),
        (),
        ((0.01, 0.1),),
        ((5e5, 0.3, 0.2),),
        ((7e5, 0.3, 0.2),),
    ]
    assert {batch.realm for batch in batches} == {Realm.EXERCISE}
    arrivals = [recorded.received_at(number) for number in range(len(recorded))]
    assert [(at - START_NS) / 1e9 for at in arrivals] == [0.0, 1.0, 1.5, 3.0, 3.0]


@pytest.mark.parametrize("write", WRITERS)
def test_what_came_in_later_is_given_later(tmp_path: Path, write: Writer) -> None:
    rows = [
        radar_row(second, received_utc_ns=START_NS + round(delay * 1e9))
        for second, delay in ((0.0, 9.0), (1.0, 1.0), (2.0, 2.5))
    ]
    recorded = read(write(tmp_path / "plots", rows, SENSORS))
    assert [(int(at) - START_NS) / 1e9 for at in recorded.observed_ns] == [1.0, 2.0, 0.0]
    assert [(int(at) - START_NS) / 1e9 for at in recorded.received_ns] == [1.0, 2.5, 9.0]


@pytest.mark.parametrize("write", WRITERS)
def test_a_radar_that_states_its_sigma_may_have_range_rates(tmp_path: Path, write: Writer) -> None:
    doppler = RADAR | {"sigma_range_rate_mps": 2.0}
    rows = [radar_row(0.0, range_rate_mps=-2_500.0), radar_row(0.0, 6e5), infrared_row(1.5)]
    recorded = read(write(tmp_path / "plots", rows, [doppler, INFRARED]))
    plots = [recorded.batch(number).measurements for number in range(len(recorded))]
    assert plots == [((5e5, 0.3, 0.2, -2_500.0), (6e5, 0.3, 0.2)), ((0.01, 0.1),)]
    assert recorded.sensors[0].sigma_range_rate_mps == 2.0
    unstated = write(tmp_path / "unstated", rows, SENSORS)
    with pytest.raises(LocalMisuse, match=r"range_rate_mps of KR-RADAR-1.*sigma_range_rate_mps"):
        read(unstated)


def test_plots_of_a_radar_that_moves_are_refused_with_the_way_out(tmp_path: Path) -> None:
    ship = RADAR | {"greatest_speed_mps": 15.0}
    path = written_jsonl(tmp_path / "plots.jsonl", [radar_row(0.0)], [ship])
    with pytest.raises(LocalMisuse, match=r"KR-RADAR-1, which moves.*library"):
        read(path)


@pytest.mark.parametrize("write", WRITERS)
def test_sensors_may_be_described_beside_the_plots(tmp_path: Path, write: Writer) -> None:
    described = tmp_path / "sensors.toml"
    described.write_text('realm = "exercise"\n' + toml_of(SENSORS))
    path = write(tmp_path / "plots", some_rows())
    beside = read(path, sensors=read_sensor_tables(described))
    inside = read(write(tmp_path / "told", some_rows(), SENSORS))
    assert beside.sensors == inside.sensors
    with pytest.raises(LocalMisuse, match=r"does not say what its sensors are. Give .* --sensors"):
        read(path)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"range_km": 500.0}, "range_km"),
        ({"sensor_id": "XX-RADAR-9"}, "XX-RADAR-9.*not described"),
        ({"east_angle_rad": 0.01}, "states east_angle_rad of KR-RADAR-1, which is radar"),
        ({"observed_utc_ns": -1}, "observed_utc_ns|>= 0"),
    ],
)
def test_a_wrong_row_is_named_with_what_is_wrong(
    tmp_path: Path, write: Writer, row: Row, words: str
) -> None:
    path = write(tmp_path / "plots", [radar_row(1.0) | row], SENSORS)
    with pytest.raises(LocalMisuse, match=words) as refused:
        read(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([radar_row(n, 500.0 + n) for n in range(9)], "look like kilometres. Give metres"),
        ([radar_row(n, azimuth_rad=40.0 + n) for n in range(9)], "azimuth_rad.*look like degrees"),
        ([radar_row(n, elevation_rad=12.0) for n in range(9)], "elevation_rad.*look like degrees"),
        ([infrared_row(n, north_angle_rad=5.7) for n in range(9)], "look like degrees or milli"),
        ([radar_row(n * 1e-9) for n in range(9)], "looks like another unit. Give nanoseconds"),
        ([radar_row(n * 1e-3) for n in range(9)], "looks like another unit. Give nanoseconds"),
    ],
)
def test_numbers_in_another_unit_are_told(tmp_path: Path, rows: list[Row], words: str) -> None:
    path = written_jsonl(tmp_path / "plots.jsonl", rows, SENSORS)
    with pytest.raises(LocalMisuse, match=words):
        read(path)


def test_single_strange_plots_are_left_to_the_tracker(tmp_path: Path) -> None:
    rows = [radar_row(n) for n in range(9)]
    rows += [radar_row(9.0, 500.0), radar_row(10.0, -5e5), radar_row(11.0, azimuth_rad=400.0)]
    rows += [radar_row(12.0, elevation_rad=None)]
    recorded = read(written_jsonl(tmp_path / "plots.jsonl", rows, SENSORS))
    assert len(recorded.plots) == 13
    assert np.isnan(recorded.plots[12, 2])


def test_a_line_that_is_no_plot_is_named_by_its_number(tmp_path: Path) -> None:
    path = written_jsonl(tmp_path / "plots.jsonl", [radar_row(0.0)], SENSORS)
    for line in ('{"sensor_id": "KR-RADAR-1"}', "{", "[]", '{"sensor_id": NaN}', "\x00\xff"):
        path.write_text(path.read_text().split("\n", 2)[0] + "\n\n" + line)
        with pytest.raises(LocalMisuse, match="line 3: ") as refused:
            read(path)
        assert "\n" not in str(refused.value)


def test_two_sensors_of_one_name_are_refused(tmp_path: Path) -> None:
    for write in WRITERS:
        path = write(tmp_path / "plots.npz", [radar_row(0.0)], [RADAR, RADAR])
        with pytest.raises(LocalMisuse, match="two sensors are named KR-RADAR-1"):
            read(path)


def test_bad_tables_of_sensors_are_named_by_their_field(tmp_path: Path) -> None:
    wrong = RADAR | {"latitude_deg": 97.5}
    for write in WRITERS:
        path = write(tmp_path / "plots.npz", [radar_row(0.0)], [wrong, INFRARED])
        with pytest.raises(LocalMisuse, match="latitude_deg"):
            read(path)
    described = tmp_path / "sensors.toml"
    described.write_text(toml_of([wrong]))
    with pytest.raises(LocalMisuse, match="latitude_deg"):
        read_sensor_tables(described)
    with pytest.raises(LocalMisuse, match="Cannot read"):
        read_sensor_tables(tmp_path / "missing.toml")


def test_what_is_no_file_of_plots_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"plots", b"PAR1", b"PAR1 nonsense PAR1", b"PK", b"\x89PNG", b"0\x00"):
        path = tmp_path / "file"
        path.write_bytes(content)
        with pytest.raises(LocalMisuse) as refused:
            read(path)
        assert "\n" not in str(refused.value)
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(LocalMisuse, match="cannot be read"):
            read(path)


@pytest.mark.parametrize("write", WRITERS)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_damaged_file_gives_a_recording_or_one_clear_error(
    tmp_path: Path, write: Writer, data: st.DataObject
) -> None:
    whole = write(tmp_path / "whole.npz", some_rows(), SENSORS).read_bytes()
    content = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged"
    path.write_bytes(bytes(content))
    try:
        recorded = read(path)
    except LocalMisuse:
        return
    for number in range(len(recorded)):
        recorded.batch(number)


def test_one_wrong_time_moves_no_clock() -> None:
    steady = START_NS + np.arange(40) * 1_000_000_000
    unstated = np.full(40, NOT_STATED)
    for wrong in (HOUR_NS, -HOUR_NS, 9 * HOUR_NS):
        for place in (0, 1, 20, 38, 39):
            told = steady.copy()
            told[place] += wrong
            arrived = arrivals_ns(told, unstated)
            others = np.arange(40) != place
            assert (np.diff(arrived) >= 0).all()
            assert np.abs(arrived - steady)[others].max() <= 1_000_000_000
    jump = steady + np.where(np.arange(40) < 17, 0, HOUR_NS)
    assert (arrivals_ns(jump, unstated) == jump).all()
    assert arrivals_ns(steady[:0], unstated[:0]).shape == (0,)
