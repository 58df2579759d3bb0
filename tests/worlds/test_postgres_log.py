"""A nation that keeps its log in PostgreSQL: the server may crash, the node may be killed."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from bench.lab import Lab, played_tracker, running_lab
from tests.adapters.postgres_server import Server, running_server
from tests.worlds.running_nations import (
    WITHIN_S,
    end,
    flowing,
    kill,
    shown,
    start,
    stated,
    stored_warnings,
    verified,
    warning_ids,
)

from bongsu.adapters.stores.postgres_connection import Database, Reading
from bongsu.adapters.stores.postgres_reader import PostgresReader
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId

pytestmark = pytest.mark.processes
BOTH = ("KR", "US")


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


def test_a_crashed_server_and_a_killed_node_lose_nothing(server: Server) -> None:
    asyncio.run(_crashed_and_killed(server))


async def _crashed_and_killed(server: Server) -> None:
    async with running_lab(()) as lab:
        _keep_in_postgres(lab, "KR", server.url)
        for nation in BOTH:
            await start(lab, nation)
        async with played_tracker(lab, "KR") as tracker, flowing(lab, tracker):
            await shown(lab, "US", 10)
            server.stop("immediate")
            server.start()
            await stated(lab, "KR", len(lab.of_event("own_warning", "KR")) + 10)
            await kill(lab, "KR")
            await start(lab, "KR")
            await stated(lab, "KR", len(lab.of_event("own_warning", "KR")) + 10)
        said = _stored(server.url)
        await lab.until(lambda _: said <= stored_warnings(lab, "US"), within_s=WITHIN_S)
        for nation in BOTH:
            assert await end(lab, nation) == 0
        assert warning_ids(lab, "KR", "own_warning") <= _stored(server.url)
        for nation in BOTH:
            answer = verified(lab, nation)
            assert answer["verified"] is True, answer


def _keep_in_postgres(lab: Lab, nation: str, url: str) -> None:
    file = lab.nations[NationId(nation)].node_file
    settings = json.loads(file.read_text())
    file.write_text(json.dumps(settings | {"log": url}))


def _stored(url: str) -> set[str]:
    database = Database(url, node=NodeId("KR-1"), realm=Realm.EXERCISE)
    reading = Reading(database)
    try:
        reading.open()
        rows = PostgresReader(reading).records(kind=RecordKind.LAUNCH_WARNING.value, own=True)
        return {row.record_id.hex() for row in rows}
    finally:
        reading.close()
        database.close()
