"""The demo's federation: who reaches whom through whom, and nobody by a link nobody gave."""

from dataclasses import replace
from pathlib import Path

import pytest

from bongsu.exercise.scenario import Link, Nation, Scenario
from bongsu.main.demo.federation_files import (
    ExerciseClock,
    NationProcesses,
    ScenarioSource,
    relays,
    sensor_names,
    write_federation,
)
from bongsu.main.scenario_files import packaged_scenario, read_scenario
from bongsu.main.settings import NodeSettings, SensorSettings, TrackerSettings, read_settings
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NationId, NodeId, UtcNs

KR, US, JP, AU = (NationId(name) for name in ("KR", "US", "JP", "AU"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("scenario") / "scenario.toml"
    file.write_bytes(packaged_scenario())
    return read_scenario(file)


def linked(demo: Scenario, *links: tuple[NationId, NationId]) -> Scenario:
    """The demo's world with other links; a nation that is new has a node and no sensor."""
    names = dict.fromkeys((KR, US, JP, *(nation for link in links for nation in link)))
    return replace(
        demo,
        nations=tuple(Nation(nation=name, node=NodeId(f"{name}-1")) for name in names),
        links=tuple(Link(first=first, second=second) for first, second in links),
    )


def test_a_nation_without_a_link_of_its_own_is_reached_through_the_relay(demo: Scenario) -> None:
    assert relays(demo, KR) == {US: US, JP: US}
    assert relays(demo, US) == {KR: KR, JP: JP}
    assert relays(demo, JP) == {US: US, KR: US}


def test_the_relay_with_the_fewest_hops_is_taken(demo: Scenario) -> None:
    ring = linked(demo, (KR, US), (US, JP), (JP, AU), (KR, AU))
    assert relays(ring, KR) == {US: US, AU: AU, JP: US}
    chain = linked(demo, (KR, US), (US, JP), (JP, AU))
    assert relays(chain, KR) == {US: US, JP: US, AU: US}
    short = linked(demo, (KR, US), (US, JP), (JP, AU), (KR, JP))
    assert relays(short, KR) == {US: US, JP: JP, AU: JP}


def test_a_nation_that_no_link_leads_to_is_refused(demo: Scenario) -> None:
    with pytest.raises(LocalMisuse, match="no link leads from KR to JP") as refused:
        relays(linked(demo, (KR, US)), KR)
    assert "[[links]]" in refused.value.remedy


def test_every_sensor_belongs_to_its_nation(demo: Scenario) -> None:
    names = sensor_names(demo)
    assert set(names) == {KR, US, JP}
    assert sorted(name for of_one in names.values() for name in of_one) == sorted(
        sensor.site.sensor_id for sensor in demo.sensors
    )
    assert all(name.startswith(f"{nation}-") for nation in names for name in names[nation])


@pytest.fixture
def written(demo: Scenario, tmp_path: Path) -> dict[NationId, NationProcesses]:
    source = ScenarioSource(file=tmp_path / "scenario.toml", flight="NK-X", seed=7)
    clock = ExerciseClock(scenario_start=demo.start, anchor_utc=UtcNs(10**18), speed=20.0)
    made = write_federation(tmp_path, demo, source, tmp_path / "keys", clock)
    return {one.nation: one for one in made}


def node(written: dict[NationId, NationProcesses], nation: NationId) -> NodeSettings:
    return read_settings(written[nation].node_file, NodeSettings)


def test_nobody_gets_a_link_that_the_scenario_does_not_give(
    written: dict[NationId, NationProcesses],
) -> None:
    nodes = {nation: node(written, nation) for nation in written}
    listening = {nation: nodes[nation].engine.listen[0] for nation in nodes}
    assert len(set(listening.values())) == 3
    called = {
        nation: [endpoint for partner in nodes[nation].partners for endpoint in partner.connect]
        for nation in nodes
    }
    assert called == {KR: [listening[US]], US: [], JP: [listening[US]]}
    direct = {
        nation: [partner.id for partner in nodes[nation].partners if partner.direct]
        for nation in nodes
    }
    assert direct == {KR: ["US-1"], US: ["KR-1", "JP-1"], JP: ["US-1"]}


def test_only_the_relay_may_carry_and_only_for_whom_it_stands_between(
    written: dict[NationId, NationProcesses],
) -> None:
    carried = {
        (nation, partner.id): partner.carries_for
        for nation in written
        for partner in node(written, nation).partners
    }
    assert carried == {
        (KR, "US-1"): ("JP-1",),
        (KR, "JP-1"): (),
        (US, "KR-1"): (),
        (US, "JP-1"): (),
        (JP, "US-1"): ("KR-1",),
        (JP, "KR-1"): (),
    }


def test_every_process_has_the_same_clock_and_keys_of_its_own(
    written: dict[NationId, NationProcesses],
) -> None:
    keys, clocks = [], []
    for one in written.values():
        tracker = read_settings(one.tracker_file, TrackerSettings)
        assert {table.id for table in tracker.sensors} == set(one.sensor_files)
        sensors = [read_settings(file, SensorSettings) for file in one.sensor_files.values()]
        assert all((sensor.flight, sensor.seed) == ("NK-X", 7) for sensor in sensors)
        assert all(sensor.tracker == tracker.listen for sensor in sensors)
        for settings in (read_settings(one.node_file, NodeSettings), tracker, *sensors):
            keys.append(settings.keys)
            clocks.append(settings.clock)
    assert len(keys) == len(set(keys)) == 12
    assert len(set(clocks)) == 1
