"""Configuration files: every field known and bounded; what is wrong is named with its remedy."""

import json
from pathlib import Path
from typing import Any

import pytest

from bongsu.adapters.system_clock import ScenarioClock, SystemClock
from bongsu.main.settings import (
    MAXIMUM_SETTINGS_BYTES,
    NodeSettings,
    SensorSettings,
    TrackerSettings,
    address_beside,
    beside,
    clock_of,
    partners_of,
    read_bounded,
    read_settings,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm

CLOCK = {"scenario_start": "2022-10-03T22:21:30Z", "anchor": "2026-01-01T00:00:00Z", "speed": 8.0}
NODE: dict[str, Any] = {
    "id": "KR-1",
    "realm": "exercise",
    "keys": "../keys/KR/nodes/KR-1",
    "trust": "../keys/KR/trust",
    "log": "log.sqlite",
    "tracker": "unix:node.sock",
    "partners": [{"id": "US-1", "carries_for": ["JP-1"]}, {"id": "JP-1", "direct": False}],
    "engine": {"listen": ["tls/127.0.0.1:7447"]},
    "clock": CLOCK,
}
RADAR = {
    "kind": "radar",
    "id": "KR-RADAR-1",
    "nation": "KR",
    "latitude_deg": 36.5,
    "longitude_deg": 127.5,
    "height_m": 500.0,
    "sigma_range_m": 30.0,
    "sigma_azimuth_mrad": 1.0,
    "sigma_elevation_mrad": 1.0,
    "scan_interval_s": 1.0,
    "detection_probability": 0.9,
    "clutter_per_scan": 4.0,
    "maximum_range_km": 2000.0,
    "minimum_elevation_deg": 3.0,
}


def written(folder: Path, tree: object, name: str = "node.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(tree))
    return path


def read_node(folder: Path, **changes: object) -> NodeSettings:
    return read_settings(written(folder, {**NODE, **changes}), NodeSettings)


def test_a_whole_node_file_is_read_with_paths_beside_it(tmp_path: Path) -> None:
    settings = read_node(tmp_path)
    path = tmp_path / "node.json"
    assert settings.realm is Realm.EXERCISE
    assert partners_of(settings) == ("US-1", "JP-1")
    assert beside(path, settings.log) == tmp_path / "log.sqlite"
    assert address_beside(path, settings.tracker) == f"unix:{tmp_path}/node.sock"
    assert address_beside(path, "tcp:127.0.0.1:9") == "tcp:127.0.0.1:9"


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    toml = tmp_path / "node.toml"
    toml.write_text(
        'id = "KR-1"\nrealm = "live"\nkeys = "k"\ntrust = "t"\nlog = "l"\n'
        'tracker = "tcp:127.0.0.1:7000"\n[[partners]]\nid = "US-1"\n'
    )
    same = {
        **{"id": "KR-1", "realm": "live", "keys": "k", "trust": "t", "log": "l"},
        **{"tracker": "tcp:127.0.0.1:7000", "partners": [{"id": "US-1"}]},
    }
    assert read_settings(toml, NodeSettings) == read_settings(written(tmp_path, same), NodeSettings)


def test_a_node_without_a_clock_states_the_machines_time(tmp_path: Path) -> None:
    assert isinstance(clock_of(read_node(tmp_path, clock=None)), SystemClock)


def test_the_scenario_clock_falls_on_its_anchor(tmp_path: Path) -> None:
    clock = clock_of(read_node(tmp_path))
    assert isinstance(clock, ScenarioClock)
    assert clock.scenario_start == 1_664_835_690 * 10**9
    assert clock.anchor_utc == 1_767_225_600 * 10**9
    assert clock.speed == 8.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "kr-1"}, r"\$\.id"),
        ({"id": "../KR-1"}, r"\$\.id"),
        ({"realm": "test"}, r"\$\.realm"),
        ({"log": ""}, r"\$\.log"),
        ({"log": "a\x00b"}, r"\$\.log"),
        ({"keys": "k\n"}, r"\$\.keys"),
        ({"trust": 5}, r"\$\.trust"),
        ({"tracker": "unix:"}, r"\$\.tracker"),
        ({"tracker": "unix:a\x00"}, r"\$\.tracker"),
        ({"tracker": "http://x"}, r"\$\.tracker"),
        ({"tracker": "tcp:h:999999"}, r"\$\.tracker"),
        ({"engine": {"send_buffer_kib": 8}}, r"\$\.engine\.send_buffer_kib"),
        ({"engine": {"listen": ["udp/127.0.0.1:1"]}}, r"\$\.engine\.listen\[0\]"),
        ({"engine": {"listen": ["tls/127.0.0.1:1"] * 9}}, r"\$\.engine\.listen"),
        ({"partners": [{"id": "US-1", "relay": True}]}, r"unknown field `relay`.*partners"),
        ({"partners": [{"id": "US-1"}] * 65}, r"\$\.partners"),
        ({"clock": {**CLOCK, "speed": 0.0}}, r"\$\.clock\.speed"),
        ({"clock": {**CLOCK, "speed": 1e9}}, r"\$\.clock\.speed"),
        ({"clock": {**CLOCK, "anchor": "soon"}}, r"\$\.clock\.anchor"),
        ({"clock": {**CLOCK, "anchor": "2026-01-01T00:00:00"}}, r"clock\.anchor has no time zone"),
        ({"realm": "live"}, "a live process has a scenario clock"),
        ({"password": "x"}, "unknown field `password`"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_path_and_the_remedy(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(LocalMisuse, match=words) as refused:
        read_node(tmp_path, **changes)
    assert str(tmp_path / "node.json") in refused.value.what
    assert refused.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": ' * 5_000,
        b"[1, 2]",
        b"null",
        b'"KR-1"',
        b'{"id": NaN}',
    ],
)
@pytest.mark.parametrize("name", ["node.json", "node.toml"])
def test_a_file_that_is_no_configuration_is_one_clear_error(
    tmp_path: Path, content: bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LocalMisuse, match=name):
        read_settings(tmp_path / name, NodeSettings)


def test_a_file_that_is_too_large_or_cannot_be_read_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (MAXIMUM_SETTINGS_BYTES + 1))
    with pytest.raises(LocalMisuse, match="larger than 1000000 bytes"):
        read_settings(large, NodeSettings)
    with pytest.raises(LocalMisuse, match="cannot read"):
        read_bounded(tmp_path, 10)


@pytest.mark.parametrize(
    "claim", [{"connect": ["tls/127.0.0.1:1"]}, {"carries_for": ["US-1"]}], ids=str
)
def test_a_partner_without_a_direct_link_neither_connects_nor_carries(
    tmp_path: Path, claim: dict[str, object]
) -> None:
    partners = [{"id": "US-1"}, {"id": "JP-1", "direct": False, **claim}]
    with pytest.raises(LocalMisuse, match="JP-1 is not direct"):
        read_settings(written(tmp_path, NODE | {"partners": partners}), NodeSettings)


def test_a_tracker_has_at_least_one_sensor_and_each_within_its_bounds(tmp_path: Path) -> None:
    tracker = {
        **{"id": "KR-TRACKER-1", "realm": "live", "keys": "k", "trust": "t"},
        **{"listen": "unix:t.sock", "node": "unix:n.sock"},
    }
    good = written(tmp_path, {**tracker, "sensors": [RADAR]})
    [sensor] = read_settings(good, TrackerSettings).sensors
    assert sensor.id == "KR-RADAR-1"
    for sensors in ([], [{**RADAR, "latitude_deg": 91.0}], [{**RADAR, "kind": "sonar"}]):
        bad = written(tmp_path, {**tracker, "sensors": sensors})
        with pytest.raises(LocalMisuse, match="sensors"):
            read_settings(bad, TrackerSettings)


def test_a_made_up_sensor_cannot_be_live(tmp_path: Path) -> None:
    from bongsu.main.sensor_process import run_sensor

    sensor = {
        **{"id": "KR-RADAR-1", "realm": "live", "keys": "k", "trust": "t"},
        **{"scenario": "s.toml", "tracker": "unix:t.sock"},
    }
    path = written(tmp_path, sensor)
    assert read_settings(path, SensorSettings).seed is None
    with pytest.raises(LocalMisuse, match="without a scenario clock") as refused:
        run_sensor(path)
    assert "never run live" in refused.value.remedy
