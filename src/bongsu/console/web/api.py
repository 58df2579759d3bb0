"""The HTTP interface as an ASGI application: questions to the node, and its news as a stream."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bongsu.console.answers.past import past_seen, replay_sentence
from bongsu.console.answers.warnings import headline, open_threats
from bongsu.console.languages import Language
from bongsu.console.web.ceremonies import Ceremonies
from bongsu.console.web.door import Door
from bongsu.console.web.exports import Exporter, exporting
from bongsu.console.web.handover_pages import HandoverPages
from bongsu.console.web.kept_answer import KeptAnswer
from bongsu.console.web.log_pages import LogPages
from bongsu.console.web.nations_pages import NationsPages
from bongsu.console.web.news_hub import NewsHub, told
from bongsu.console.web.node_port import NodePort
from bongsu.console.web.openapi import description
from bongsu.console.web.orders import ORDERS, Order, read_sent
from bongsu.console.web.pages import Pages
from bongsu.console.web.parameters import read_parameters
from bongsu.console.web.passkey_pages import PasskeyPages
from bongsu.console.web.passkey_port import Entry
from bongsu.console.web.permitted_node import PermittedNode
from bongsu.console.web.person import person_of
from bongsu.console.web.queries import QUERIES, ROOT, Query
from bongsu.console.web.replay_pages import ReplayPages
from bongsu.console.web.sessions import Sessions
from bongsu.console.web.watch_picture import PictureSource
from bongsu.node.people import NotLetInError, People
from bongsu.node.permissions import NotPermittedError
from bongsu.vocabulary.errors import BongsuError, LocalMisuse, PeerViolation, Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs

STATUS = {
    NotLetInError: 403,
    NotPermittedError: 403,
    LocalMisuse: 400,
    PeerViolation: 502,
    Unavailable: 503,
}

NO_EXPORTERS: Mapping[str, Exporter] = {}


def application(
    node: NodePort,
    *,
    token: str,
    names: Collection[str],
    port: int,
    realm: Realm,
    now: Callable[[], MonotonicNs],
    open_to_all: bool = False,
    exporters: Mapping[str, Exporter] = NO_EXPORTERS,
    entry: Entry | None = None,
) -> Starlette:
    """The whole interface; `names`, with the port, are what it may be called.

    `open_to_all`: nobody has to log in; for exercises alone. `exporters` write files, by format.
    `entry`: how people log in by passkey.
    """
    hosts = frozenset(f"{name}:{port}" for name in names)
    hub = NewsHub(node)
    sessions = Sessions(
        token,
        port=port,
        now=now,
        realm=realm,
        people=People if entry is None else entry.registry.people,
        open_to_all=open_to_all,
    )
    source = PictureSource(node, now=now, newest=lambda: hub.newest)
    alarms = KeptAnswer(lambda _: node.ask("alarms", {}), now=now, newest=lambda: hub.newest)

    permitted = PermittedNode(_KeptAlarms(node, alarms))
    pages = Pages(
        source, sessions, banner=realm.banner, passkeys_at=None if entry is None else entry.address
    )
    by_passkey = (
        ()
        if entry is None
        else PasskeyPages(entry, sessions, Ceremonies(now), banner=realm.banner).routes
    )

    @contextlib.asynccontextmanager
    async def listening(_: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(hub.run())
            yield
            task.cancel()

    described = msgspec.json.encode(description())

    async def openapi(_: Request) -> Response:
        return Response(described, media_type="application/json")

    async def stream(request: Request) -> Response:
        after = _number(request.headers.get("last-event-id"), name="Last-Event-ID")
        hub.require_room()
        return StreamingResponse(hub.events(after), media_type="text/event-stream")

    return Starlette(
        routes=[
            *(Route(f"{ROOT}{query.path}", _answering(permitted, query)) for query in QUERIES),
            *(
                Route(f"{ROOT}{order.path}", _carrying_out(permitted, order), methods=["POST"])
                for order in ORDERS
            ),
            Route(f"{ROOT}/stream", stream),
            Route(f"{ROOT}/export", exporting(permitted, exporters)),
            Route("/openapi.json", openapi),
            *pages.routes,
            *by_passkey,
            *NationsPages(permitted, banner=realm.banner).routes,
            *ReplayPages(permitted, banner=realm.banner).routes,
            *LogPages(permitted, banner=realm.banner).routes,
            *HandoverPages(permitted, banner=realm.banner).routes,
        ],
        middleware=[Middleware(Door, sessions=sessions, hosts=hosts)],
        exception_handlers={BongsuError: _refused, 404: _unknown, 405: _not_allowed},
        lifespan=listening,
    )


@dataclass(frozen=True, slots=True)
class _KeptAlarms:
    """The node, but every page that is open asks for the alarms as often as for its picture."""

    node: NodePort
    alarms: KeptAnswer[object]

    async def ask(self, command: str, body: Mapping[str, object]) -> object:
        """See the port."""
        return await (self.alarms.get() if command == "alarms" else self.node.ask(command, body))


def _answering(node: PermittedNode, query: Query) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        body = read_parameters(query.takes, request.query_params.multi_items())
        if query.named:
            body["record"] = request.path_params["record"]
        language = Language(body.pop("language", Language.ENGLISH.value))
        found: Any = await node.by(request).ask(query.command, body)
        if query.command == "warnings":
            seen = open_threats(found)
            found = {**found, "sentence": headline(seen, now=seen.at, language=language)}
        elif query.command == "at":
            found = {**found, "sentence": replay_sentence(past_seen(found), language=language)}
        return Response(msgspec.json.encode(found), media_type="application/json")

    return answer


def _carrying_out(node: PermittedNode, order: Order) -> Callable[[Request], Awaitable[Response]]:
    async def carry_out(request: Request) -> Response:
        sent = await read_sent(order.takes, request)
        body = {**sent, "who": person_of(request).name}
        done = await node.by(request).ask(order.command, body)
        return Response(msgspec.json.encode(done), media_type="application/json")

    return carry_out


def _number(text: str | None, *, name: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 16):
        raise LocalMisuse(f"{name} is no number: {text[:40]!r}", remedy="Give the id of an event")
    return int(text)


async def _refused(_: Request, error: Exception) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    words = told(error) if isinstance(error, BongsuError) else {"what": "", "remedy": ""}
    return JSONResponse(words, status_code=status)


async def _unknown(request: Request, _: Exception) -> Response:
    return JSONResponse(
        {"what": f"nothing is at {request.url.path[:80]}", "remedy": "Read /openapi.json"},
        status_code=404,
    )


async def _not_allowed(_: Request, error: Exception) -> Response:
    headers = getattr(error, "headers", None)
    return JSONResponse(
        {"what": "nothing is done that way here", "remedy": "Read /openapi.json"},
        status_code=405,
        headers=headers,
    )
