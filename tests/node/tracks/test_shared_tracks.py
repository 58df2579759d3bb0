"""Three nations' tracks at one node: each one's own, withheld where agreed, and together."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.node.made_up_world import Machine, World, agreed, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1, NOW, US_1
from tests.tracking.made_up_arcs import arcs

from bongsu.node.tracks.track_book import (
    MAXIMUM_EARLIER,
    MAXIMUM_OF_ONE_NODE,
    TrackBook,
    TrackVersion,
)
from bongsu.tracking.fusion.estimate import UPPER
from bongsu.vocabulary.seen_track import SeenTrack
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, Track
from bongsu.vocabulary.units import NodeId, SensorId, TrackId, after_seconds

TRUTH = arcs(1)[0]
SPREAD = np.diag([200.0, 400.0, 300.0, 4.0, 8.0, 6.0]) ** 2


def sees(machine: Machine, name: str, *sensors: str, seed: int, **changes: Any) -> Track:
    """A track in free flight, as well known as it says."""
    rng = np.random.default_rng(seed)
    found = TRUTH + np.sqrt(np.diagonal(SPREAD)) * rng.standard_normal(6)
    return machine.observed(
        name,
        phase=Phase.FREE_FLIGHT,
        position_ecef_m=tuple(found[:3].tolist()),
        velocity_ecef_mps=tuple(found[3:].tolist()),
        covariance=tuple(SPREAD[UPPER].tolist()),
        sensors=tuple(SensorId(sensor) for sensor in sensors),
        sensor_kinds=(SensorKind.RADAR,),
        **changes,
    )


async def seen_by(machine: Machine) -> list[Any]:
    answer = await machine.node.control.call("tracks", {})
    assert isinstance(answer, dict)
    assert answer["realm"] == machine.realm.value
    return list(answer["objects"])


def test_each_nations_own_estimate_stays_and_the_fused_one_stands_beside_them() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three(agreed(kept_from_japan="caveats"))
        await pass_time(3.0)
        for number, (machine, name) in enumerate(((korea, "KR"), (states, "US"), (japan, "JP"))):
            await machine.sees(sees(machine, f"{name}-T1", f"{name}-RADAR-1", seed=number))
        await pass_time(1.0)
        for machine in (korea, states, japan):
            [one] = await seen_by(machine)
            assert [track["node"] for track in one["tracks"]][0] == machine.node_id
            assert {track["nation"] for track in one["tracks"]} == {"KR", "US", "JP"}
            assert all(track["sigma_position_m"] == pytest.approx(400.0) for track in one["tracks"])
            fused = one["fused"]
            assert fused["sensors"] == ["JP-RADAR-1", "KR-RADAR-1", "US-RADAR-1"]
            assert fused["sigma_position_m"] == pytest.approx(400.0 / 3.0**0.5, rel=1e-3)
            assert fused["impact"] is not None
            assert one["shared_sensors"] == []
        # Nobody publishes what is fused: on every disk are the nations' own updates alone.
        assert all(row.originator in (KR_1, US_1, JP_1) for row in korea.disk.records.values())

    play(story)


def test_a_sensor_that_two_nations_have_is_marked_and_counts_once() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        track = sees(korea, "KR-T1", "US-IR-1", seed=1)
        await korea.sees(track)
        await states.sees(replace(track, track_id=TrackId("US-T1"), at=states.clock.utc()))
        await pass_time(1.0)
        [one] = await seen_by(korea)
        assert one["shared_sensors"] == ["US-IR-1"]
        assert one["fused"]["sigma_position_m"] == pytest.approx(400.0, rel=1e-3)
        assert "share US-IR-1: counted once" in one["notes"][0]

    play(story)


def test_a_withheld_state_is_shown_as_withheld_and_not_fused_with() -> None:
    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan="state")
        korea, japan = (
            world.machine(KR_1, JP_1, guideline=guideline),
            world.machine(JP_1, KR_1, guideline=guideline),
        )
        await pass_time(3.0)
        await korea.sees(sees(korea, "KR-T1", "KR-RADAR-1", seed=1))
        await japan.sees(sees(japan, "JP-T1", "JP-RADAR-1", seed=2))
        await pass_time(1.0)
        own, partners = await seen_by(japan)
        assert own["fused"] is None
        assert partners["fused"] is None
        [track] = partners["tracks"]
        assert track["withheld"] == ["state"]
        assert track["latitude_rad"] is None
        assert partners["notes"] == ["no fusion with KR-1/KR-T1 of KR: its state is withheld"]
        [one] = await seen_by(korea)  # Japan keeps nothing from Korea
        assert one["fused"] is not None

    play(story)


def test_withheld_sensors_count_as_if_shared() -> None:
    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan="sensors")
        korea, japan = (
            world.machine(KR_1, JP_1, guideline=guideline),
            world.machine(JP_1, KR_1, guideline=guideline),
        )
        await pass_time(3.0)
        await korea.sees(sees(korea, "KR-T1", "KR-RADAR-1", seed=1))
        await japan.sees(sees(japan, "JP-T1", "JP-RADAR-1", seed=2))
        await pass_time(1.0)
        [one] = await seen_by(japan)
        assert one["fused"]["sensors_withheld"]
        assert one["fused"]["sigma_position_m"] > 390.0
        assert one["notes"] == ["sensors withheld by KR: counted as if shared"]

    play(story)


def test_what_was_said_long_ago_is_shown_no_more() -> None:
    async def story(world: World) -> None:
        korea, states = world.machine(KR_1, US_1), world.machine(US_1, KR_1)
        await pass_time(3.0)
        await states.sees(sees(states, "US-T1", "US-RADAR-1", seed=1))
        await pass_time(15.0)
        await korea.sees(sees(korea, "KR-T1", "KR-RADAR-1", seed=2))
        objects = await seen_by(korea)
        assert [one["fused"] for one in objects] == [None, None]
        assert any("US said nothing of it for" in note for one in objects for note in one["notes"])
        await pass_time(50.0)
        assert [one["tracks"][0]["nation"] for one in await seen_by(korea)] == ["KR"]

    play(story)


def test_the_book_is_bounded_for_each_node_and_an_old_update_changes_nothing() -> None:
    book, flood, other = TrackBook(), NodeId("XB-1"), NodeId("XC-1")

    def said(node: NodeId, number: int, seconds: float, *sensors: str) -> None:
        track_id = TrackId(f"{node}/T{number}")
        book.take(
            node,
            track_id,
            TrackVersion(at=after_seconds(NOW, seconds), sensors=sensors, read=unread),
        )

    said(other, 1, 5.0, "A")
    said(other, 1, 4.0, "A", "B")
    for number in range(MAXIMUM_OF_ONE_NODE + 7):
        said(flood, number, 0.0)
    shown = list(book.shown(NOW))
    assert len([node for node, _ in shown if node == flood]) == MAXIMUM_OF_ONE_NODE
    [kept] = [track for node, track in shown if node == other]
    assert kept.newest.sensors == ("A",)
    for seconds in range(6, 30):
        said(other, 1, float(seconds), *(f"S{number}" for number in range(seconds)))
    [kept] = [track for node, track in book.shown(NOW) if node == other]
    assert len(kept.earlier) == MAXIMUM_EARLIER


def unread() -> SeenTrack:
    raise AssertionError("nobody asked")
