"""Routes of the page that a shift hands over: the sheet, and its form."""

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bongsu.console.answers.alarms import AlarmsSeen, HandoverSeen
from bongsu.console.answers.understood import understood
from bongsu.console.answers.warnings import open_threats
from bongsu.console.languages import Language
from bongsu.console.web.handover_page import (
    HANDOVER,
    SHIFT,
    HandoverPicture,
    handover_page,
    no_handover_page,
)
from bongsu.console.web.page_answer import page_answer
from bongsu.console.web.page_language import SEE_OTHER, language_of
from bongsu.console.web.parameters import Since, read_parameters
from bongsu.console.web.permitted_node import PermittedNode
from bongsu.console.web.person import person_of
from bongsu.console.web.posted_form import posted_fields
from bongsu.vocabulary.errors import BongsuError, LocalMisuse


class HandoverPages:
    """Asks the node for what is shown; holds nothing."""

    def __init__(self, node: PermittedNode, *, banner: str) -> None:
        self._node = node
        self._banner = banner

    @property
    def routes(self) -> list[Route]:
        """For the application."""
        return [
            Route(HANDOVER, self._sheet),
            Route(SHIFT, self._changed, methods=["POST"]),
        ]

    async def _sheet(self, request: Request) -> Response:
        language = language_of(request)
        body = read_parameters(Since, request.query_params.multi_items())
        try:
            picture = await self._asked(request, body)
        except LocalMisuse:
            raise
        except BongsuError as error:
            return self._nothing(error, language)
        return page_answer(handover_page(picture, language))

    async def _changed(self, request: Request) -> Response:
        fields = await posted_fields(request)
        body = {
            "action": fields.get("action", ""),
            "note": fields.get("note", ""),
            "who": person_of(request).name,
        }
        try:
            await self._node.by(request).ask("shift_change", body)
        except LocalMisuse:
            raise
        except BongsuError as error:
            return self._nothing(error, language_of(request))
        return RedirectResponse(HANDOVER, SEE_OTHER)

    async def _asked(self, request: Request, body: dict[str, object]) -> HandoverPicture:
        handover, warnings, alarms = await asyncio.gather(
            self._node.by(request).ask("handover", body),
            self._node.by(request).ask("warnings", {}),
            self._node.by(request).ask("alarms", {}),
        )
        return HandoverPicture(
            handover=understood(handover, HandoverSeen),
            open=open_threats(warnings),
            alarms=understood(alarms, AlarmsSeen),
        )

    def _nothing(self, error: BongsuError, language: Language) -> Response:
        return page_answer(no_handover_page(self._banner, error, language), status=503)
