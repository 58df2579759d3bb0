"""Where tracks were and go, for a map: bounded, honest about what falls freely, and about sites."""

from dataclasses import replace
from itertools import pairwise
from math import radians
from typing import Any

import numpy as np
import pytest
from tests.node.made_up_world import Machine, World, agreed, pass_time, play
from tests.node.tracks.test_shared_tracks import sees
from tests.records.made_up_nations import KR_1, NOW

from bongsu.node.control import NoBody
from bongsu.node.sensor_sites import SensorSites
from bongsu.node.tracks.path_figures import ARC_STEPS, MAXIMUM_PREDICTED, predicted_arcs
from bongsu.node.tracks.trails import MAXIMUM_STEPS, MAXIMUM_TRAILS, Trail, Trails
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.physics.propagation import propagate_to_impact
from bongsu.vocabulary.seen_track import SeenTrack, whole_track
from bongsu.vocabulary.sensor_tables import RadarTable, site_of
from bongsu.vocabulary.track import Phase
from bongsu.vocabulary.units import NS_PER_S, NationId, TrackId, after_seconds


async def paths_of(machine: Machine, after: int = 0) -> list[Any]:
    answer = await machine.node.control.call("paths", {"after": after})
    assert isinstance(answer, dict)
    return list(answer["paths"])


def test_own_and_partners_tracks_have_a_past_and_what_falls_freely_a_predicted_arc() -> None:
    async def story(world: World) -> None:
        korea, states, _ = world.three(agreed(kept_from_japan="caveats"))
        await pass_time(3.0)
        for _ in range(3):
            await states.sees(sees(states, "US-T1", "US-RADAR-1", seed=1))
            await korea.sees(sees(korea, "KR-T1", "KR-RADAR-1", seed=2))
            await pass_time(3.0)
        own, partners = sorted(await paths_of(korea), key=lambda path: path["node"])
        assert (own["node"], partners["node"]) == ("KR-1", "US-1")
        for path in (own, partners):
            times = [step[0] for step in path["past"]]
            assert len(times) >= 2
            assert times == sorted(times)
            assert len(path["predicted"]) == ARC_STEPS + 1
            assert abs(path["predicted"][-1][3]) < 100.0
        later = await paths_of(korea, own["past"][-2][0])
        assert [len(path["past"]) for path in later if path["node"] == "KR-1"] == [1]

    play(story)


def test_a_withheld_position_leaves_no_path() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three(agreed(kept_from_japan="state"))
        await pass_time(3.0)
        await korea.sees(sees(korea, "KR-T1", "KR-RADAR-1", seed=1))
        await pass_time(3.0)
        assert await paths_of(japan) == []
        assert len(await paths_of(korea)) == 1

    play(story)


def falling(number: int, **changes: Any) -> SeenTrack:
    world: list[SeenTrack] = []

    async def story(made: World) -> None:
        korea, *_ = made.three()
        track = sees(korea, f"KR-T{number}", "KR-RADAR-1", seed=number)
        world.append(whole_track(track, node=KR_1, nation=NationId("KR")))

    play(story)
    return replace(world[0], **changes)


def test_an_arc_ends_where_and_when_the_propagator_says_to_a_hundred_metres() -> None:
    track = falling(1)
    assert track.position_ecef_m is not None
    assert track.velocity_ecef_mps is not None
    [arc] = predicted_arcs([track]).values()
    ends = propagate_to_impact(np.array([[*track.position_ecef_m, *track.velocity_ecef_mps]]))
    at, latitude, longitude, height = arc[-1]
    reached = np.array(geodetic_to_ecef(latitude, longitude, height))
    assert float(np.linalg.norm(reached - ends.position_ecef_m[0])) < 100.0
    assert at == pytest.approx(track.at + float(ends.time_s[0]) * NS_PER_S, abs=1e6)


def test_what_burns_or_turns_is_not_said_to_fall_freely_and_a_flood_is_bounded() -> None:
    track = falling(1)
    assert predicted_arcs([replace(track, phase=Phase.BOOST)]) == {}
    assert (
        predicted_arcs([replace(track, phase=None), replace(track, velocity_ecef_mps=None)]) == {}
    )
    many = [replace(track, track_id=TrackId(f"KR-T{n}")) for n in range(MAXIMUM_PREDICTED + 5)]
    assert len(predicted_arcs(many)) == MAXIMUM_PREDICTED


def test_a_trail_of_any_length_is_bounded_and_keeps_its_first_and_its_newest_steps() -> None:
    trail = Trail()
    for second in range(20_000):
        trail.add(float(second), (1.0, 2.0, 3.0))
    times = trail.numbers[::4].tolist()
    assert len(times) <= MAXIMUM_STEPS
    assert times[0] == 0.0
    assert times[-1] > 20_000 - trail.every_s - 1
    assert all(later - earlier >= 2.0 for earlier, later in pairwise(times))


def test_the_trail_that_grew_longest_ago_gives_way() -> None:
    trails = Trails()
    for number in range(MAXIMUM_TRAILS + 1):
        trails.add((KR_1, TrackId(f"T{number}")), NOW, (1.0, 2.0, 3.0))
        trails.add((KR_1, TrackId("T0")), after_seconds(NOW, number * 1.0), (1.0, 2.0, 3.0))
    names = {name[1] for name, _ in trails.after(NOW)} | {"T0"}
    kept = {name[1] for name, _ in trails.after(after_seconds(NOW, -1.0))}
    assert names <= kept
    assert len(kept) == MAXIMUM_TRAILS
    assert "T1" not in kept


def test_sites_are_those_of_the_nodes_own_file() -> None:
    table = RadarTable(
        id="KR-RADAR-1", nation="KR", latitude_deg=36.5, longitude_deg=127.5, height_m=500.0,
        scan_interval_s=1.0, detection_probability=0.9, clutter_per_scan=4.0, sigma_range_m=30.0,
        sigma_azimuth_mrad=1.0, sigma_elevation_mrad=1.0, maximum_range_km=2_000.0,
        minimum_elevation_deg=3.0,
    )  # fmt: skip

    async def story(world: World) -> None:
        korea, *_ = world.three()
        services = replace(korea.services, sites=(site_of(table),))
        answer: Any = await SensorSites(services).as_seen(NoBody())
        [site] = answer["sites"]
        assert site["sensor"] == "KR-RADAR-1"
        assert site["latitude_rad"] == pytest.approx(radians(36.5))
        assert site["maximum_range_m"] == 2e6

    play(story)
