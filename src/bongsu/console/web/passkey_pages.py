"""Coming in by passkey: enrol with an invitation, log in, each in two steps."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bongsu.console.web.ceremonies import Ceremonies
from bongsu.console.web.orders import Sent, read_sent
from bongsu.console.web.page_answer import page_answer
from bongsu.console.web.page_language import language_of
from bongsu.console.web.passkey_port import Entry
from bongsu.console.web.sessions import Sessions
from bongsu.console.web.watch_page import enrol_page
from bongsu.node.people import NotLetInError, People, enrolled, tried, used

Text = Annotated[str, Meta(min_length=1, max_length=100)]


class Invited(Sent, frozen=True, kw_only=True):
    name: Text
    code: Text


class Nothing(Sent, frozen=True, kw_only=True):
    pass


class Answered(Sent, frozen=True, kw_only=True):
    ceremony: Text
    answer: dict[str, object]


class PasskeyPages:
    """Every route that is called before somebody is let in by passkey."""

    def __init__(
        self, entry: Entry, sessions: Sessions, ceremonies: Ceremonies, *, banner: str
    ) -> None:
        self._entry = entry
        self._sessions = sessions
        self._ceremonies = ceremonies
        self._banner = banner

    @property
    def routes(self) -> list[Route]:
        """For the application."""
        return [
            Route("/enrol", self._enrol),
            Route("/enrol/begin", self._enrolment, methods=["POST"]),
            Route("/enrol/finish", self._enrolled, methods=["POST"]),
            Route("/login/begin", self._login, methods=["POST"]),
            Route("/login/finish", self._logged_in, methods=["POST"]),
        ]

    async def _enrol(self, request: Request) -> Response:
        return page_answer(enrol_page(self._banner, language_of(request)))

    async def _enrolment(self, request: Request) -> Response:
        self._ceremonies.count()
        sent = await read_sent(Invited, request)
        name, code = str(sent["name"]), str(sent["code"])
        stands = False

        def trying(people: People) -> People:
            nonlocal stands
            people, stands = tried(people, name, code, now=self._entry.utc())
            return people

        await asyncio.to_thread(self._entry.registry.change, trying)
        if not stands:
            raise NotLetInError(
                "no such invitation stands", remedy="Ask for a new one: bongsu people add"
            )
        ceremony, challenge = self._ceremonies.begin((name, code))
        return _begun(ceremony, self._entry.checker.to_enrol(challenge, name))

    async def _enrolled(self, request: Request) -> Response:
        sent = await read_sent(Answered, request)
        ceremony = self._ceremonies.take(str(sent["ceremony"]), enrols=True)
        passkey = self._entry.checker.enrolled(_answer(sent), ceremony.challenge)
        name, code = ceremony.invited or ("", "")
        await asyncio.to_thread(
            self._entry.registry.change,
            lambda people: enrolled(people, name, code, passkey, now=self._entry.utc()),
        )
        return self._let_in(name)

    async def _login(self, request: Request) -> Response:
        self._ceremonies.count()
        await read_sent(Nothing, request)
        ceremony, challenge = self._ceremonies.begin()
        return _begun(ceremony, self._entry.checker.to_enter(challenge))

    async def _logged_in(self, request: Request) -> Response:
        sent = await read_sent(Answered, request)
        ceremony = self._ceremonies.take(str(sent["ceremony"]), enrols=False)
        answer = _answer(sent)
        credential = self._entry.checker.credential_of(answer)
        one = self._entry.registry.people().holding(credential)
        if one is None or one.passkey is None:
            raise NotLetInError("this passkey is not known here", remedy="Enrol it first")
        count = self._entry.checker.entered(answer, ceremony.challenge, one.passkey)
        await asyncio.to_thread(
            self._entry.registry.change, lambda people: used(people, credential, count=count)
        )
        return self._let_in(one.name)

    def _let_in(self, name: str) -> Response:
        cookie = self._sessions.cookie_of(self._sessions.begin(name))
        return JSONResponse({"name": name}, headers={"Set-Cookie": cookie})


def _answer(sent: Mapping[str, object]) -> Mapping[str, object]:
    answer = sent["answer"]
    return answer if isinstance(answer, dict) else {}


def _begun(ceremony: str, options: Mapping[str, object]) -> Response:
    return JSONResponse({"ceremony": ceremony, "options": dict(options)})
