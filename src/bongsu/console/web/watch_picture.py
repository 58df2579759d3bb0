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
from bongsu.console.web.kept_answer import KeptAnswer
from bongsu.console.web.node_port import NodePort
from bongsu.vocabulary.units import MonotonicNs

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
    """Asks the node at most every 0.1 s, whoever wants it."""

    def __init__(
        self, node: NodePort, *, now: Callable[[], MonotonicNs], newest: Callable[[], int]
    ) -> None:
        """`newest` is the number of the last line of news: a picture from before it is old."""
        self._node = node
        self._kept = KeptAnswer(self._asked, now=now, newest=newest)

    async def picture(self) -> WatchPicture:
        """As `KeptAnswer.get`."""
        return await self._kept.get()

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
