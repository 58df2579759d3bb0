"""A node as everybody runs it, but what it states is ordered by the bench.

python -m bench.stating_node NODE_FILE
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bench.orders import ORDER, Order
from tests.records.made_up_nations import TRACK, WARNING

from bongsu.adapters.local_link import LocalListener
from bongsu.main.node_process import LOCK_HELD_AT_MOST_S, compose
from bongsu.main.running import run_to_the_end, stop_on_signals
from bongsu.main.settings import NodeSettings, address_beside, partners_of, read_settings
from bongsu.node.node import Node
from bongsu.node.publishing.statement import Statement, Stored
from bongsu.node.services import Services
from bongsu.records.kinds import RecordKind
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.records.warnings_as_records import warning_to_fields
from bongsu.vocabulary.launch_warning import WarningAction
from bongsu.vocabulary.units import MonotonicNs, RecordId

WAITING_AT_MOST = 2_048  # statements given to the publisher and not on disk yet


class Stating:
    """Carries out orders, one at a time."""

    def __init__(self, services: Services, node: Node) -> None:
        self._services = services
        self._node = node
        self._waiting = 0
        self._stored = asyncio.Event()
        self._number = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, payload: bytes) -> None:
        """Begin with an order; several may run beside each other."""
        task = asyncio.ensure_future(self._carry_out(ORDER.decode(payload)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry_out(self, order: Order) -> None:
        begun = self._services.clock.monotonic()
        if order.what == "updates":
            await self._state_updates(order)
        else:
            await self._state_warnings(order)
        self._services.journal.write(
            "order_done", what=order.what, began_ns=begun, ended_ns=self._services.clock.monotonic()
        )

    async def _state_updates(self, order: Order) -> None:
        fields = track_to_fields(TRACK)
        for number in range(order.count):
            while self._waiting >= WAITING_AT_MOST:
                await self._news()
            self._state(
                RecordKind.TRACK_UPDATE,
                fields | {"track_id": f"{TRACK.track_id}/{number % 1_000}"},
                self._one_less,
            )
            self._waiting += 1
        while self._waiting:
            await self._news()

    async def _state_warnings(self, order: Order) -> None:
        for _ in range(order.count):
            self._number += 1
            warning = replace(
                WARNING,
                warning_id=f"KR-1/W{self._number:06d}",
                version=1,
                action=WarningAction.ISSUED,
                node=self._services.me.node,
                stated_at=self._services.clock.utc(),
                corroborated_by=(),
            )
            self._state(
                RecordKind.LAUNCH_WARNING,
                warning_to_fields(warning, derived_from=()),
                self._warning_stored,
            )
            await asyncio.sleep(order.pace_s)

    def _state(self, kind: RecordKind, fields: Mapping[str, object], stored: Stored) -> None:
        self._node.publisher.publish(
            Statement(
                kind=kind, fields=fields, created_at=self._services.clock.utc(), stored=stored
            )
        )

    def _one_less(self, record_id: RecordId, stored_at: MonotonicNs) -> None:
        self._waiting -= 1
        self._stored.set()

    def _warning_stored(self, record_id: RecordId, stored_at: MonotonicNs) -> None:
        self._services.journal.write(
            "own_warning", record_id=record_id.hex(), stored_monotonic_ns=stored_at
        )

    async def _news(self) -> None:
        self._stored.clear()
        await self._stored.wait()


async def _run(path: Path, settings: NodeSettings, services: Services) -> None:
    node = Node(services, partners_of(settings))
    stating = Stating(services, node)
    listener = LocalListener(address_beside(path, settings.tracker), stating.take)
    await listener.open()
    stop_on_signals(node.stop)
    try:
        await node.run()
    finally:
        await listener.close()


def main(config: str) -> None:
    path = Path(config)
    settings = read_settings(path, NodeSettings)
    services = compose(path, settings)
    sys.setswitchinterval(LOCK_HELD_AT_MOST_S)
    run_to_the_end(_run(path, settings, services))


if __name__ == "__main__":
    main(sys.argv[1])
