"""Who is logged in at this console: bounded, short, and forgotten when it stops."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final

from bongsu.console.web.person import Person, token_holder
from bongsu.node.people import People
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

COOKIE: Final = "bongsu-session"  # and the port: browsers keep cookies by host alone
LASTS_S: Final = 8 * 3600  # a watch
IDLE_S: Final = 15 * 60  # a page that is open asks every second
MAXIMUM_SESSIONS: Final = 64
NAME_BYTES: Final = 32


@dataclass(slots=True)
class _Session:
    person: str | None
    ends: int
    used: int


class Sessions:
    """Who began a session, by the session's name; the oldest gives way to a new one.

    A session keeps a name alone: what its person may do, and whether they are still known, is
    looked up whenever it is used.
    """

    def __init__(
        self,
        token: str,
        *,
        port: int,
        now: Callable[[], MonotonicNs],
        realm: Realm,
        people: Callable[[], People] = People,
        open_to_all: bool = False,
    ) -> None:
        """`open_to_all`: an exercise at which whoever sits at this machine may look."""
        self.open_to_all = open_to_all
        self.cookie = f"{COOKIE}-{port}"
        self.token_holder = token_holder(realm)
        self._token = token.encode()
        self._now = now
        self._people = people
        self._kept: dict[str, _Session] = {}

    def holds_token(self, given: bytes) -> bool:
        """Whether this is the console's token; takes as long for every wrong one."""
        return hmac.compare_digest(given, self._token)

    def begin(self, person: str | None = None) -> str:
        """The name of a new session, for a cookie; of the token's holder where nobody is named."""
        name = secrets.token_urlsafe(NAME_BYTES)
        while len(self._kept) >= MAXIMUM_SESSIONS:
            del self._kept[next(iter(self._kept))]
        now = self._now()
        self._kept[name] = _Session(person, ends=now + LASTS_S * NS_PER_S, used=now)
        return name

    def end(self, cookies: bytes) -> None:
        """Log out."""
        self._kept.pop(self._named(cookies), None)

    def person_in(self, cookies: bytes) -> Person | None:
        """Whose session a request's cookies name; None where it has ended, or its person left."""
        name = self._named(cookies)
        session = self._kept.get(name)
        if session is None:
            return None
        now = self._now()
        person = self._person(session.person)
        if person is None or now >= min(session.ends, session.used + IDLE_S * NS_PER_S):
            del self._kept[name]
            return None
        session.used = now
        return person

    def _person(self, name: str | None) -> Person | None:
        if name is None:
            return self.token_holder
        known = self._people().named(name)
        if known is None or known.passkey is None:
            return None
        return Person(name=known.name, roles=frozenset({known.role}))

    def cookie_of(self, name: str) -> str:
        """The header that sets it; a browser sends it along with our own pages' requests alone."""
        return f"{self.cookie}={name}; Path=/; Max-Age={LASTS_S}; HttpOnly; SameSite=Strict"

    def no_cookie(self) -> str:
        """The header that takes it away."""
        return f"{self.cookie}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"

    def _named(self, cookies: bytes) -> str:
        try:
            found = SimpleCookie(cookies.decode("ascii", "replace")).get(self.cookie)
        except CookieError:
            return ""
        return "" if found is None else found.value
