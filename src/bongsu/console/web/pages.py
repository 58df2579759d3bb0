"""Pages for people: log in with the token, look, log out."""

from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bongsu.console.web.built_files import built_routes
from bongsu.console.web.sessions import Sessions
from bongsu.console.web.watch_page import POLICY, login_page, nothing_page, watch_main, watch_page
from bongsu.console.web.watch_picture import PictureSource
from bongsu.vocabulary.errors import BongsuError

MAXIMUM_FORM_BYTES: Final = 4_096
MAXIMUM_FIELDS: Final = 8
SEE_OTHER: Final = 303


class Pages:
    """Every route that a browser of a person calls."""

    def __init__(self, source: PictureSource, sessions: Sessions, *, banner: str) -> None:
        self._source = source
        self._sessions = sessions
        self._banner = banner
        self._built = built_routes()

    @property
    def routes(self) -> list[Route]:
        """For the application."""
        return [
            Route("/", self._watch),
            Route("/watch", self._main),
            Route("/login", self._login),
            Route("/login", self._logged_in, methods=["POST"]),
            Route("/logout", self._logged_out, methods=["POST"]),
            *self._built,
        ]

    async def _watch(self, _: Request) -> Response:
        try:
            return _page(
                watch_page(await self._source.picture(), open_to_all=self._sessions.open_to_all)
            )
        except BongsuError as error:  # a page in words; its script asks until there is a picture
            return _page(nothing_page(self._banner, error), status=503)

    async def _main(self, _: Request) -> Response:
        return _page(watch_main(await self._source.picture()).markup)

    async def _login(self, _: Request) -> Response:
        return _page(login_page(self._banner))

    async def _logged_in(self, request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MAXIMUM_FORM_BYTES:
                return _page(login_page(self._banner, failed=True), status=413)
        if not self._sessions.holds_token(_token_in(body)):
            return _page(login_page(self._banner, failed=True), status=403)
        return RedirectResponse(
            "/", SEE_OTHER, headers={"Set-Cookie": self._sessions.cookie_of(self._sessions.begin())}
        )

    async def _logged_out(self, request: Request) -> Response:
        self._sessions.end(request.headers.get("cookie", "").encode())
        return RedirectResponse(
            "/login", SEE_OTHER, headers={"Set-Cookie": self._sessions.no_cookie()}
        )


def _token_in(form: bytes) -> bytes:
    """The token of a posted form; nothing where it is no form, or holds none."""
    try:
        fields = parse_qs(form.decode("ascii"), max_num_fields=MAXIMUM_FIELDS)
    except ValueError:
        return b""
    return fields.get("token", [""])[0].strip().encode()


def _page(text: str, *, status: int = 200) -> Response:
    return HTMLResponse(text, status, headers={"Content-Security-Policy": POLICY})
