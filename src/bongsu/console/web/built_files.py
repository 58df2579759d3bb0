"""What the build of `web/` made: scripts, styles, fonts. Served as they lie on disk."""

from collections.abc import Awaitable, Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bongsu.vocabulary.errors import LocalMisuse

ASSETS: Final = "/assets/"
STYLE, FONTS = "/page.css", "/fonts.css"
MEDIA: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".woff2": "font/woff2",
}
# Their names hold a hash of what is in them.
KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


def built_routes() -> list[Route]:
    """A route for each file that was built; raises LocalMisuse where nothing was.

    Only what lay there at the start is served: no path of a request ever names a file.
    """
    with as_file(files("bongsu.console").joinpath("data/web")) as folder:
        found = sorted(path for path in folder.rglob("*") if path.suffix in MEDIA)
        routes = [_route(f"/{path.relative_to(folder).as_posix()}", path) for path in found]
    if STYLE not in {route.path for route in routes}:
        raise LocalMisuse("the console's pages are not built", remedy="Build them with: make web")
    return routes


def _route(address: str, path: Path) -> Route:
    return Route(address, _answering(path, KEPT if address.startswith(ASSETS) else {}))


def _answering(path: Path, headers: dict[str, str]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return FileResponse(path, media_type=MEDIA[path.suffix], headers=headers)

    return answer
