"""In which language a request is answered: what was chosen here, else what its browser prefers."""

from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bongsu.console.languages import Language, language_named, preferred
from bongsu.console.web.posted_form import posted_fields
from bongsu.vocabulary.errors import LocalMisuse

COOKIE: Final = "bongsu-language"
LASTS_S: Final = 365 * 86_400
PATH: Final = "/language"
SEE_OTHER: Final = 303


def language_of(request: Request) -> Language:
    """Never fails: what is no language of ours is not chosen."""
    return _chosen(request.headers.get("cookie", "")) or preferred(
        request.headers.get("accept-language", "")
    )


async def choose_language(request: Request) -> Response:
    """Keep the choice of a posted form in a cookie, and go back to where it was made."""
    fields = await posted_fields(request)
    language = language_named(fields.get("language"))
    if language is None:
        raise LocalMisuse(
            "no language of this console was chosen",
            remedy=f"Choose one of {', '.join(one.value for one in Language)}",
        )
    cookie = f"{COOKIE}={language.value}; Path=/; Max-Age={LASTS_S}; HttpOnly; SameSite=Strict"
    return RedirectResponse(_back(request), SEE_OTHER, headers={"Set-Cookie": cookie})


def _back(request: Request) -> str:
    """The page that it was chosen on: a path of ours, whatever the referrer says."""
    came_from = urlsplit(request.headers.get("referer", ""))
    path = "/" + came_from.path.lstrip("/\\")
    return f"{path}?{came_from.query}" if came_from.query else path


def _chosen(cookies: str) -> Language | None:
    try:
        found = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return None
    return None if found is None else language_named(found.value)
