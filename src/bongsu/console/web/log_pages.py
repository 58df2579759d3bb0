"""Pages about the log and the node itself: records, one record with its release, health."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bongsu.console.answers.disk import DiskSeen
from bongsu.console.answers.health import HealthSeen
from bongsu.console.answers.links import LinksSeen
from bongsu.console.answers.records import RecordsSeen
from bongsu.console.answers.release import PreviewSeen, RecordSeen
from bongsu.console.answers.understood import understood
from bongsu.console.html_text import Html
from bongsu.console.languages import Language
from bongsu.console.web.health_page import HealthPicture, health_part
from bongsu.console.web.page_answer import page_answer
from bongsu.console.web.page_language import language_of
from bongsu.console.web.page_parts import no_picture, whole_page
from bongsu.console.web.parameters import RecordsAsked, read_parameters
from bongsu.console.web.permitted_node import PermittedNode
from bongsu.console.web.record_page import record_part
from bongsu.console.web.records_page import Asked, records_part, search_form
from bongsu.vocabulary.errors import BongsuError, LocalMisuse, Unavailable
from bongsu.vocabulary.units import NS_PER_S

SEE_OTHER: Final = 303
MOMENTS: Final = ("stored_from", "stored_to")
SELDOM_MS: Final = 5_000  # what reads the log is not asked again more often than that


class LogPages:
    """Their routes. Asks the node for each request: these pages are few and seldom."""

    def __init__(self, node: PermittedNode, *, banner: str) -> None:
        self._node = node
        self._banner = banner

    @property
    def routes(self) -> list[Route]:
        """For the application."""
        return [
            Route("/records", self._records),
            Route("/records/{record}", self._record),
            Route("/health", self._health),
        ]

    async def _records(self, request: Request) -> Response:
        language = language_of(request)
        given = dict(request.query_params)
        record = given.pop("record", "").strip().lower()
        if record:
            return RedirectResponse(f"/records/{record[:64]}", SEE_OTHER)
        asked: Asked = {name: text for name, text in given.items() if text}
        found: RecordsSeen | BongsuError
        try:
            found = understood(
                await self._node.by(request).ask(
                    "records", read_parameters(RecordsAsked, _in_ns(asked))
                ),
                RecordsSeen,
            )
        except BongsuError as error:
            found = error
        return self._page(
            language,
            "/records",
            "records.title",
            records_part(language, found, asked),
            before=search_form(language, asked),
            every_ms=SELDOM_MS,
            status=503 if isinstance(found, Unavailable) else 200,
        )

    async def _record(self, request: Request) -> Response:
        language = language_of(request)
        named = {"record": request.path_params["record"].lower()}
        try:
            seen = understood(await self._node.by(request).ask("record_show", named), RecordSeen)
        except BongsuError as error:
            return self._page(
                language, "/records", "records.title", no_picture(language, error),
                status=404 if isinstance(error, LocalMisuse) else 503,
            )  # fmt: skip
        preview: PreviewSeen | BongsuError
        try:
            preview = understood(
                await self._node.by(request).ask("release_preview", {"record": seen.record_id}),
                PreviewSeen,
            )
        except BongsuError as error:  # of a kind that crosses by a fixed rule it says so
            preview = error
        return self._page(
            language, "/records", "record.title", record_part(language, seen, preview),
            every_ms=SELDOM_MS, id=seen.record_id[:16],
        )  # fmt: skip

    async def _health(self, request: Request) -> Response:
        language = language_of(request)
        try:
            health, links, disk = await asyncio.gather(
                *(self._node.by(request).ask(name, {}) for name in ("health", "links", "disk"))
            )
            picture = HealthPicture(
                health=understood(health, HealthSeen),
                links=understood(links, LinksSeen),
                disk=understood(disk, DiskSeen),
            )
        except BongsuError as error:
            return self._page(
                language, "/health", "health.title", no_picture(language, error), status=503
            )
        return self._page(language, "/health", "health.title", health_part(language, picture))

    def _page(
        self,
        language: Language,
        here: str,
        title: str,
        part: Html,
        *,
        before: Html | None = None,
        every_ms: int = 0,
        status: int = 200,
        **values: object,
    ) -> Response:
        text = whole_page(
            language, self._banner, here, title, part, before=before, every_ms=every_ms, **values
        )
        return page_answer(text, status=status)


def _in_ns(asked: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A form's moments, in UTC to the minute or second, as the API takes them."""
    return [
        (name, _moment(name, text) if name in MOMENTS else text) for name, text in asked.items()
    ]


def _moment(name: str, text: str) -> str:
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise LocalMisuse(
            f"{name} is no time: {text[:40]!r}", remedy="Write it so: 2022-10-03T22:22"
        ) from error
    return str(int(at.timestamp()) * NS_PER_S)
