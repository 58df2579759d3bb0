"""Pages for people: log in with the token, look, log out."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bongsu.console.languages import Language
from bongsu.console.web.built_files import built_routes
from bongsu.console.web.page_answer import page_answer
from bongsu.console.web.page_language import PATH, choose_language, language_of
from bongsu.console.web.posted_form import FormTooLongError, posted_fields
from bongsu.console.web.sessions import Sessions
from bongsu.console.web.watch_page import login_page, nothing_page, watch_main, watch_page
from bongsu.console.web.watch_picture import PictureSource, WatchPicture
from bongsu.vocabulary.errors import BongsuError

SEE_OTHER: Final = 303


class Pages:
    """Every route that a browser of a person calls."""

    def __init__(
        self,
        source: PictureSource,
        sessions: Sessions,
        *,
        banner: str,
        passkeys_at: str | None = None,
    ) -> None:
        self._source = source
        self._sessions = sessions
        self._banner = banner
        self._passkeys_at = passkeys_at
        self._built = built_routes()
        self._middles: dict[Language, tuple[WatchPicture, str]] = {}  # the newest of each

    @property
    def routes(self) -> list[Route]:
        """For the application."""
        return [
            Route("/", self._watch),
            Route("/watch", self._main),
            Route("/login", self._login),
            Route("/login", self._logged_in, methods=["POST"]),
            Route("/logout", self._logged_out, methods=["POST"]),
            Route(PATH, choose_language, methods=["POST"]),
            *self._built,
        ]

    async def _watch(self, request: Request) -> Response:
        language = language_of(request)
        try:
            picture = await self._source.picture()
        except BongsuError as error:  # a page in words; its script asks until there is a picture
            return page_answer(nothing_page(self._banner, error, language), status=503)
        return page_answer(
            watch_page(picture, language=language, open_to_all=self._sessions.open_to_all)
        )

    async def _main(self, request: Request) -> Response:
        """Put into words once for everybody who looks in that language."""
        picture, language = await self._source.picture(), language_of(request)
        shown, text = self._middles.get(language, (None, ""))
        if shown is not picture:
            text = watch_main(picture, language).markup
            self._middles[language] = (picture, text)
        return page_answer(text)

    async def _login(self, request: Request) -> Response:
        return page_answer(
            login_page(self._banner, language=language_of(request), passkeys_at=self._passkeys_at)
        )

    async def _logged_in(self, request: Request) -> Response:
        try:
            fields = await posted_fields(request)
        except FormTooLongError:
            return self._failed(request, status=413)
        if not self._sessions.holds_token(fields.get("token", "").strip().encode()):
            return self._failed(request, status=403)
        return RedirectResponse(
            "/", SEE_OTHER, headers={"Set-Cookie": self._sessions.cookie_of(self._sessions.begin())}
        )

    def _failed(self, request: Request, *, status: int) -> Response:
        page = login_page(
            self._banner, language=language_of(request), failed=True, passkeys_at=self._passkeys_at
        )
        return page_answer(page, status=status)

    async def _logged_out(self, request: Request) -> Response:
        self._sessions.end(request.headers.get("cookie", "").encode())
        return RedirectResponse(
            "/login", SEE_OTHER, headers={"Set-Cookie": self._sessions.no_cookie()}
        )
