"""What a watch officer's page shows, asked of the node once for everybody who looks."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bongsu.console.answers.alarms import AlarmsSeen
from bongsu.console.answers.health import HealthSeen
from bongsu.console.answers.links import LinksSeen
from bongsu.console.answers.understood import understood
from bongsu.console.answers.warnings import OpenThreats, open_threats
from bongsu.console.web.node_port import NodePort
from bongsu.vocabulary.units import NS_PER_MS, NS_PER_S, MonotonicNs

KEPT_NS: Final = 100 * NS_PER_MS  # a hundred pages that ask at once are one question

ASKED: Final = ("warnings", "links", "health", "alarms")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPicture:
    """At one moment of the node's clock; `news`: the newest line that it surely tells of."""

    open: OpenThreats
    links: LinksSeen
    health: HealthSeen
    alarms: AlarmsSeen
    news: int = 0


class PictureSource:
    """Asks the node at most every 0.1 s, whoever wants it. Lives on the server's loop."""

    def __init__(
        self, node: NodePort, *, now: Callable[[], MonotonicNs], newest: Callable[[], int]
    ) -> None:
        """`newest` is the number of the last line of news: a picture from before it is old."""
        self._node = node
        self._now = now
        self._newest = newest
        self._kept: WatchPicture | None = None
        self._kept_at = 0
        self._kept_after = 0
        self._asking = asyncio.Lock()

    async def picture(self) -> WatchPicture:
        """No older than 0.1 s, and than the newest line of news when it was asked for.

        Raises what the node answers with, Unavailable where it does not.
        """
        async with self._asking:
            left_ns = self._kept_at + KEPT_NS - self._now()
            if self._kept is not None and left_ns > 0:
                if self._kept_after == self._newest():
                    return self._kept
                await asyncio.sleep(left_ns / NS_PER_S)
            self._kept = None
            self._kept_after = self._newest()
            self._kept = await self._asked(self._kept_after)
            self._kept_at = self._now()
            return self._kept

    async def _asked(self, news: int) -> WatchPicture:
        warnings, links, health, alarms = await asyncio.gather(
            *(self._node.ask(command, {}) for command in ASKED)
        )
        return WatchPicture(
            open=open_threats(warnings),
            links=understood(links, LinksSeen),
            health=understood(health, HealthSeen),
            alarms=understood(alarms, AlarmsSeen),
            news=news,
        )
