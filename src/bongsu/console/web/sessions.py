"""Who is logged in at this console: bounded, short, and forgotten when it stops."""

import hmac
import secrets
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

COOKIE: Final = "bongsu-session"  # and the port: browsers keep cookies by host alone
LASTS_S: Final = 8 * 3600  # a watch
MAXIMUM_SESSIONS: Final = 64
NAME_BYTES: Final = 32


class Sessions:
    """Names of sessions that a token began; the oldest gives way to a new one."""

    def __init__(
        self,
        token: str,
        *,
        port: int,
        now: Callable[[], MonotonicNs],
        open_to_all: bool = False,
    ) -> None:
        """`open_to_all`: an exercise at which whoever sits at this machine may look."""
        self.open_to_all = open_to_all
        self.cookie = f"{COOKIE}-{port}"
        self._token = token.encode()
        self._now = now
        self._ends: dict[str, int] = {}

    def holds_token(self, given: bytes) -> bool:
        """Whether this is the console's token; takes as long for every wrong one."""
        return hmac.compare_digest(given, self._token)

    def begin(self) -> str:
        """The name of a new session, for a cookie."""
        name = secrets.token_urlsafe(NAME_BYTES)
        while len(self._ends) >= MAXIMUM_SESSIONS:
            del self._ends[next(iter(self._ends))]
        self._ends[name] = self._now() + LASTS_S * NS_PER_S
        return name

    def end(self, cookies: bytes) -> None:
        """Log out."""
        self._ends.pop(self._named(cookies), None)

    def is_open(self, cookies: bytes) -> bool:
        """Whether a request's cookies name a session that has not ended."""
        name = self._named(cookies)
        ends = self._ends.get(name)
        if ends is None:
            return False
        if ends > self._now():
            return True
        del self._ends[name]
        return False

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
