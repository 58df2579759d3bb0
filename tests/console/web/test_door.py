"""The door when what it has to look up can't be read: nobody is let in, and it says why."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bongsu.console.web.door import Door
from bongsu.console.web.sessions import Sessions
from bongsu.node.people import People
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs

HOST = "127.0.0.1:17480"


def damaged() -> People:
    raise LocalMisuse("people.json is damaged", remedy="Bring it back from a copy, or delete it")


@pytest.mark.parametrize("open_to_all", [False, True])
def test_a_damaged_file_of_people_lets_nobody_in_and_is_said(open_to_all: bool) -> None:
    sessions = Sessions(
        "t" * 43,
        port=17_480,
        now=lambda: MonotonicNs(0),
        realm=Realm.EXERCISE,
        people=damaged,
        open_to_all=open_to_all,
    )

    async def reached(_: Request) -> Response:
        return PlainTextResponse("in")

    app = Starlette(
        routes=[Route("/", reached)],
        middleware=[Middleware(Door, sessions=sessions, hosts=[HOST])],
    )
    cookie = sessions.cookie_of(sessions.begin("Kim")).partition(";")[0]

    async def ask(**headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.get("/", headers=headers)

    refused = asyncio.run(ask(Cookie=cookie))
    assert refused.status_code == 503
    assert refused.json()["what"] == "people.json is damaged"
    assert refused.headers["cache-control"] == "no-store"
    # Who comes with the token is in no need of that file.
    assert asyncio.run(ask(Authorization=f"Bearer {'t' * 43}")).text == "in"
