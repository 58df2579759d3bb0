"""A moment as a file: marked as what it is in the file itself, areas and tracks alone."""

import asyncio
import sys
from typing import Any

import httpx
import pytest
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_api import ALLOWED, HOST, NAME, PORT, TOKEN
from tests.console.web.test_replay_pages import RecordedNode, recorded
from tests.records.made_up_nations import KR_1

from bongsu.adapters.tracks.moment_czml import moment_czml
from bongsu.adapters.tracks.moment_geojson import moment_geojson
from bongsu.console.web.api import application
from bongsu.console.web.exports import Exporter
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs

WRITTEN: dict[str, Exporter] = {"geojson": moment_geojson, "czml": moment_czml}


def exported(
    node: MadeUpNode, question: str, exporters: dict[str, Exporter] = WRITTEN
) -> httpx.Response:
    async def run() -> httpx.Response:
        app = application(
            node,
            token=TOKEN,
            names=[NAME],
            port=PORT,
            realm=Realm.EXERCISE,
            now=lambda: MonotonicNs(0),
            exporters=exporters,
        )
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.get(f"/api/v1/export?{question}", headers=ALLOWED)

    return asyncio.run(run())


@pytest.fixture
def node() -> RecordedNode:
    return RecordedNode(recorded())


def amended(node: RecordedNode) -> int:
    return int(
        next(one["at"] for one in node.moments if (one["node"], one["what"]) == (KR_1, "amended"))
    )


def test_every_feature_of_a_replay_says_so_with_its_realm_and_time(node: RecordedNode) -> None:
    response = exported(node, f"format=geojson&utc_ns={amended(node)}")
    assert response.headers["content-type"] == "application/geo+json"
    assert "EXERCISE-REPLAY-KR-1-2023-11-14T2213" in response.headers["content-disposition"]
    collection = response.json()
    features: list[dict[str, Any]] = collection["features"]
    for marks in (collection, *(one["properties"] for one in features)):
        assert marks["mark"] == "EXERCISE REPLAY"
        assert marks["realm"] == "exercise"
        assert marks["at_utc"].startswith("2023-11-14T22:13:")
    kinds = {one["properties"]["kind"] for one in features}
    assert kinds == {"launch area, estimated", "impact area, predicted", "track"}
    warned = {one["properties"].get("warning_id") for one in features} - {None}
    assert warned == {"KR-1/W0001", "JP-1/W0001"}
    for one in features:
        if one["geometry"]["type"] == "Polygon":
            [ring] = one["geometry"]["coordinates"]
            assert ring[0] == ring[-1]
            assert 40 < len(ring) < 200


def test_the_present_is_not_called_a_replay(node: RecordedNode) -> None:
    collection = exported(node, "format=geojson").json()
    assert collection["mark"] == "EXERCISE"
    assert collection["replay"] is False


def test_what_is_withheld_has_no_place_and_is_named(node: RecordedNode) -> None:
    picture = next(one for one in node.pictures if one["objects"])
    track = {**picture["objects"][0]["tracks"][0], "latitude_rad": None, "withheld": ["state"]}
    node.pictures[:] = [{**picture, "objects": [{**picture["objects"][0], "tracks": [track]}]}]
    features = exported(node, f"format=geojson&utc_ns={picture['at']}").json()["features"]
    [known] = [one for one in features if one["properties"]["kind"] == "track"]
    assert known["geometry"] is None
    assert known["properties"]["withheld"] == ["state"]


def test_a_globes_document_and_its_labels_say_the_same(node: RecordedNode) -> None:
    pytest.importorskip("czml3")
    document, *packets = exported(node, f"format=czml&utc_ns={amended(node)}").json()
    assert document["name"].startswith("EXERCISE REPLAY: KR-1 at 2023-11-14T22:13:")
    assert packets
    assert all(one["name"].startswith("EXERCISE REPLAY ") for one in packets)


def test_a_format_that_cannot_be_written_here_says_what_to_do(
    node: RecordedNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "czml3", None)
    missing = exported(node, "format=czml")
    assert missing.status_code == 501
    assert missing.json()["remedy"] == "Install it: pip install 'bongsu[czml]'"
    assert exported(node, "format=geojson", {}).status_code == 501
    for odd in ("format=kml", "", "format=czml&utc_ns=-1"):
        assert exported(node, odd).status_code == 400
