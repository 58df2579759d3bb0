"""Who may come in: programs of this machine that hold the console's token, people who logged in.

A page of another site can make a browser call us; it can't set the header, its browser keeps the
cookie back, and a name that was turned to this machine's address (DNS rebinding) is not ours.
"""

from collections.abc import Collection
from typing import Final

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bongsu.console.web.built_files import ASSETS, FONTS, STYLE
from bongsu.console.web.person import WHOEVER, Person
from bongsu.console.web.sessions import Sessions
from bongsu.vocabulary.errors import BongsuError

BEARER: Final = b"Bearer "

# These tell nothing of any node.
OPEN_PATHS: Final = frozenset(
    {
        "/openapi.json",
        "/login",
        "/language",
        "/enrol",
        "/enrol/begin",
        "/enrol/finish",
        "/login/begin",
        "/login/finish",
        "/passkey.js",
        STYLE,
        FONTS,
    }
)
PAGES: Final = ("/", "/nations", "/replay", "/records", "/health", "/handover")
BELOW: Final = "/records/"  # a page for each of them
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

OWN: Final = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class Door:
    """ASGI middleware: host, token or session, origin, and headers that every answer bears."""

    def __init__(self, app: ASGIApp, *, sessions: Sessions, hosts: Collection[str]) -> None:
        """`hosts` are the names, with port, by which this server may be called."""
        self._app = app
        self._sessions = sessions
        self._hosts = frozenset(host.encode() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        refusal: Response | None
        try:
            person = self._person(headers)
            refusal = self._refusal(scope["method"], scope["path"], headers, person)
        except BongsuError as error:  # the file of people can't be read: nobody is let in by it
            person, refusal = None, _refused(503, error.what, error.remedy)
        scope.setdefault("state", {})["person"] = person
        app = self._app if refusal is None else refusal

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in OWN if h[0] not in given)]
            await send(message)

        await app(scope, receive, send_with_headers)

    def _refusal(
        self, method: str, path: str, headers: dict[bytes, bytes], person: Person | None
    ) -> Response | None:
        host = headers.get(b"host", b"").lower()
        if host not in self._hosts:
            return _refused(421, "this server is not called so", "Use the address that it printed")
        # No page can send the header of the token: who does is no browser that was misled.
        is_page = b"authorization" not in headers
        if method == "POST" and is_page and headers.get(b"origin") != b"http://" + host:
            return _refused(403, "another site's page sent this", "Use this console's own pages")
        if path in OPEN_PATHS or path.startswith(ASSETS) or person is not None:
            return None
        if path in PAGES or path.startswith(BELOW):
            return RedirectResponse("/login", 303)
        return _refused(
            401,
            "no token, or not this console's",
            "Send the header 'Authorization: Bearer TOKEN' with the text of its token file",
        )

    def _person(self, headers: dict[bytes, bytes]) -> Person | None:
        """Who asks; None for somebody who may not come in."""
        given = headers.get(b"authorization", b"")
        if given:
            is_held = given.startswith(BEARER) and self._sessions.holds_token(given[len(BEARER) :])
            return self._sessions.token_holder if is_held else None
        person = self._sessions.person_in(headers.get(b"cookie", b""))
        return person or (WHOEVER if self._sessions.open_to_all else None)


def _refused(status: int, what: str, remedy: str) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"what": what, "remedy": remedy}, status_code=status, headers=headers)
