"""What was built is served as it is; where nothing was, that is said."""

import asyncio
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bongsu.console.web import built_files
from bongsu.console.web.built_files import KEPT, built_routes
from bongsu.vocabulary.errors import LocalMisuse


def fetched(*paths: str) -> list[httpx.Response]:
    async def run() -> list[httpx.Response]:
        transport = httpx.ASGITransport(Starlette(routes=built_routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return [await client.get(path) for path in paths]

    return asyncio.run(run())


def test_scripts_styles_and_fonts_are_served_and_only_what_has_its_hash_is_kept() -> None:
    folder = Path(str(files("bongsu.console").joinpath("data/web")))
    font = next((folder / "assets").glob("*.woff2"))
    style, script, woff = fetched("/page.css", "/watch.js", f"/assets/{font.name}")
    assert style.headers["content-type"].startswith("text/css")
    assert script.headers["content-type"].startswith("text/javascript")
    assert (woff.headers["content-type"], woff.content) == ("font/woff2", font.read_bytes())
    assert woff.headers["cache-control"] == KEPT["Cache-Control"]
    assert "cache-control" not in script.headers


def test_no_other_file_is_served() -> None:
    paths = ("/made-of.txt", "/assets/../../words/en.json", "/assets/%2e%2e/page.css", "/assets/")
    assert [answer.status_code for answer in fetched(*paths)] == [404] * 4


def test_pages_ask_no_other_host_for_anything() -> None:
    folder = files("bongsu.console").joinpath("data/web")
    for name in ("page.css", "fonts.css"):
        text = folder.joinpath(name).read_text("utf-8")
        assert "http:" not in text
        assert "https:" not in text
        assert "data:" not in text


def test_a_console_without_built_pages_says_how_to_build_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built_files, "files", lambda _: tmp_path)
    with pytest.raises(LocalMisuse, match="not built"):
        built_routes()
