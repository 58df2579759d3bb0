"""A node of another nation's making: answers what the test wants, or is away."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.node.test_news import at_once

from bongsu.adapters.simulated.journal import RecordingJournal
from bongsu.node.news import News, NewsBody
from bongsu.vocabulary.errors import Unavailable


@dataclass(slots=True)
class MadeUpNode:
    """Implements `console.web.node_port.NodePort`; its news are a real node's."""

    answers: dict[str, object] = field(default_factory=dict)
    is_away: bool = False
    news: News = field(
        default_factory=lambda: News(RecordingJournal(), begun=1_000, beside=at_once)
    )
    asked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    longest_wait_s: float = 0.05  # of a question for news: no test waits for a real one's

    async def ask(self, command: str, body: Mapping[str, object]) -> object:
        self.asked.append((command, dict(body)))
        if self.is_away:
            await asyncio.sleep(0)
            raise Unavailable("no node answers", remedy="Start it with: bongsu node --config FILE")
        if command == "news" and "news" not in self.answers:
            wait_s = min(float(str(body.get("wait_s", 0.0))), self.longest_wait_s)
            return await self.news.after(NewsBody(after=int(str(body["after"])), wait_s=wait_s))
        answer = self.answers[command]
        if isinstance(answer, Exception):
            raise answer
        return answer
