"""The page on which every nation's view of each threat stands beside the others'."""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bongsu.console.answers.tracks import TracksSeen
from bongsu.console.answers.understood import understood
from bongsu.console.answers.warnings import OpenThreats, headline, open_threats
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, say
from bongsu.console.web.nations_part import nations_part
from bongsu.console.web.page_answer import page_answer
from bongsu.console.web.page_language import language_of
from bongsu.console.web.permitted_node import PermittedNode
from bongsu.console.web.watch_page import banner_line, navigation, page
from bongsu.vocabulary.errors import BongsuError

PATH: Final = "/nations"
SCRIPT: Final = "/nations.js"


class NationsPages:
    """Asks the node for warnings and tracks when somebody looks; holds nothing."""

    def __init__(self, node: PermittedNode, *, banner: str) -> None:
        self._node = node
        self._banner = banner

    @property
    def routes(self) -> list[Route]:
        """For the application."""
        return [Route(PATH, self._whole), Route(f"{PATH}/now", self._middle)]

    async def _whole(self, request: Request) -> Response:
        language = language_of(request)
        try:
            seen, tracks = await self._asked(request)
        except BongsuError as error:  # in words; the script asks until there is a picture
            said = say(language, "watch.no_picture", what=error.what, remedy=error.remedy)
            heading = element("h1", say(language, "navigation.nations"), class_="unseen")
            words = joined((heading, element("p", said, id="line", role="alert")))
            return page_answer(self._framed("", words, language), status=503)
        return page_answer(self._framed(seen.node, _main(seen, tracks, language), language))

    async def _middle(self, request: Request) -> Response:
        seen, tracks = await self._asked(request)
        return page_answer(_main(seen, tracks, language_of(request)).markup)

    async def _asked(self, request: Request) -> tuple[OpenThreats, TracksSeen]:
        warnings, tracks = await asyncio.gather(
            self._node.by(request).ask("warnings", {}), self._node.by(request).ask("tracks", {})
        )
        return open_threats(warnings), understood(tracks, TracksSeen)

    def _framed(self, node: str, main: Html, language: Language) -> str:
        return page(
            self._banner,
            say(language, "nations.title", node=node),
            banner_line(self._banner, node, language),
            navigation(PATH, language),
            element("main", main, id="nations"),
            script=SCRIPT,
            language=language,
        )


def _main(seen: OpenThreats, tracks: TracksSeen, language: Language) -> Html:
    line = element("p", headline(seen, now=seen.at, language=language), id="line", role="status")
    heading = element("h1", say(language, "navigation.nations"), class_="unseen")
    return joined((heading, line, nations_part(seen, tracks.objects, language)))
