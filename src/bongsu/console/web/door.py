"""Who may come in: people and programs of this machine that hold the console's token.

A page of another site can make a browser call us; it can't set this header, and a name that was
turned to this machine's address (DNS rebinding) is not ours.
"""

import hmac
from collections.abc import Collection
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN_PATHS: Final = frozenset({"/openapi.json"})  # tells nothing of any node
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Door:
    """ASGI middleware: host, token, and headers that every answer bears."""

    def __init__(self, app: ASGIApp, *, token: str, hosts: Collection[str]) -> None:
        """`hosts` are the names, with port, by which this server may be called."""
        self._app = app
        self._expected = f"Bearer {token}".encode()
        self._hosts = frozenset(host.encode() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        refusal = self._refusal(scope["path"], headers)
        app = self._app if refusal is None else refusal

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        await app(scope, receive, send_with_headers)

    def _refusal(self, path: str, headers: dict[bytes, bytes]) -> JSONResponse | None:
        if headers.get(b"host", b"").lower() not in self._hosts:
            return _refused(421, "this server is not called so", "Use the address that it printed")
        given = headers.get(b"authorization", b"")
        if path in OPEN_PATHS or hmac.compare_digest(given, self._expected):
            return None
        return _refused(
            401,
            "no token, or not this console's",
            "Send the header 'Authorization: Bearer TOKEN' with the text of its token file",
        )


def _refused(status: int, what: str, remedy: str) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"what": what, "remedy": remedy}, status_code=status, headers=headers)
