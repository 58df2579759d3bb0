"""Routes of the page of what is over: whole, and the middle alone for the player."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bongsu.console.answers.past import MomentsSeen, PastSeen, past_seen
from bongsu.console.answers.understood import understood
from bongsu.console.web.page_answer import page_answer
from bongsu.console.web.page_language import language_of
from bongsu.console.web.parameters import MomentAsked, read_parameters
from bongsu.console.web.permitted_node import PermittedNode
from bongsu.console.web.replay_page import PATH, no_replay_page, replay_main, replay_page
from bongsu.vocabulary.errors import BongsuError


class ReplayPages:
    """Asks the node for what is shown; holds nothing."""

    def __init__(self, node: PermittedNode, *, banner: str) -> None:
        self._node = node
        self._banner = banner

    @property
    def routes(self) -> list[Route]:
        """For the application."""
        return [Route(PATH, self._whole), Route(f"{PATH}/at", self._middle)]

    async def _whole(self, request: Request) -> Response:
        language = language_of(request)
        try:
            seen = await self._asked(request)
        except BongsuError as error:
            return page_answer(no_replay_page(self._banner, language, error), status=503)
        if seen is None:
            return page_answer(no_replay_page(self._banner, language))
        return page_answer(replay_page(seen, language))

    async def _middle(self, request: Request) -> Response:
        body = _moment(request.query_params.multi_items())
        seen = past_seen(await self._node.by(request).ask("at", body))
        return page_answer(replay_main(seen, language_of(request)).markup)

    async def _asked(self, request: Request) -> PastSeen | None:
        """The moment that the address names, or the last one recorded; None where none is."""
        given = request.query_params.multi_items()
        if given:
            return past_seen(await self._node.by(request).ask("at", _moment(given)))
        moments = understood(await self._node.by(request).ask("moments", {"limit": 1}), MomentsSeen)
        if moments.ends is None:
            return None
        return past_seen(await self._node.by(request).ask("at", {"utc_ns": moments.ends}))


def _moment(given: list[tuple[str, str]]) -> dict[str, object]:
    return {"utc_ns": read_parameters(MomentAsked, given)["utc_ns"]}
