"""A console beside a node, both real processes: what it shows, and what it says when one goes."""

import asyncio
import http.client
import json
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bench.lab import Lab, played_tracker, running_lab, written_lab
from tests.worlds.running_nations import THREE, end, flowing, kill, shown, start

from bongsu.main.demo.federation_files import free_ports
from bongsu.vocabulary.units import NationId

pytestmark = pytest.mark.processes
WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Console:
    """A running console, and how to ask it."""

    port: int
    token_file: Path

    @contextmanager
    def request(self, path: str, **headers: str) -> Iterator[http.client.HTTPResponse]:
        token = self.token_file.read_text().strip()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WITHIN_S)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}", **headers})
            yield connection.getresponse()
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, Any]:
        with self.request(path) as response:
            return response.status, json.loads(response.read())

    def events(self, wanted: set[str], **headers: str) -> list[tuple[str, str]]:
        """Ids and names of events, until each wanted one came."""
        found: list[tuple[str, str]] = []
        with self.request("/api/v1/stream", **headers) as response:
            id_ = ""
            while not wanted <= {name for _, name in found}:
                line = response.readline().decode().strip()
                if line.startswith("id: "):
                    id_ = line[4:]
                elif line.startswith("event: "):
                    found.append((id_, line[7:]))
                    id_ = ""
        return found


@contextmanager
def console_of(lab: Lab, nation: str) -> Iterator[Console]:
    """Started, and listening."""
    config = lab.nations[NationId(nation)].node_file
    [port] = free_ports(1)
    with subprocess.Popen(
        [sys.executable, "-m", "bongsu", "console", "--config", config, "--port", str(port)],
        stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        try:
            assert child.stderr is not None
            said = child.stderr.readline()
            assert said.startswith(f"EXERCISE: {nation}-1 at http://127.0.0.1:{port}/")
            yield Console(port, config.parent / "console.token")
            child.send_signal(signal.SIGINT)
            assert child.wait(WITHIN_S) == 0
        finally:
            child.kill()


def test_a_console_shows_its_node_and_says_when_it_goes_and_comes_back() -> None:
    asyncio.run(_shown_and_said())


async def _shown_and_said() -> None:
    async with running_lab(THREE) as lab:
        with console_of(lab, "JP") as console:
            assert stat.S_IMODE(console.token_file.stat().st_mode) == 0o600
            status, empty = await asyncio.to_thread(console.get, "/api/v1/warnings")
            assert status == 200
            assert empty["sentence"] == "EXERCISE  no warning is open, of ours or of a partner's"
            async with played_tracker(lab, "KR") as tracker, flowing(lab, tracker):
                heard = await asyncio.to_thread(console.events, {"partner_warning"})
                await shown(lab, "JP", 3)
            _, found = await asyncio.to_thread(console.get, "/api/v1/warnings")
            assert found["threats"]
            for threat in found["threats"]:
                assert threat["own"] is None
                assert threat["partners"][0]["warning"]["withheld"] == ["sensors"]
            await kill(lab, "JP")
            status, refused = await asyncio.to_thread(console.get, "/api/v1/warnings")
            assert status == 503
            assert refused["remedy"] == "Start it with: bongsu node --config FILE"
            listening = asyncio.ensure_future(
                asyncio.to_thread(
                    console.events,
                    {"node_away", "node_back", "node_started"},
                    **{"Last-Event-ID": heard[-1][0]},
                )
            )
            await start(lab, "JP")
            names = [name for _, name in await listening]
            assert names.index("node_away") < names.index("node_back")
            assert "missed" in names  # what the killed node had said is not kept
            status, again = await asyncio.to_thread(console.get, "/api/v1/warnings")
            assert status == 200
            assert len(again["threats"]) >= len(found["threats"])
        assert [await end(lab, nation) for nation in THREE] == [0, 0, 0]


def test_what_cannot_be_served_is_one_clear_line() -> None:
    async def story() -> None:
        async with written_lab() as lab:
            config = lab.nations[NationId("KR")].node_file
            for arguments, said in (
                (("--host", "0.0.0.0"), "is not of this machine alone"),
                (("--host", "node.example"), "is no IP address"),
            ):
                await asyncio.to_thread(refused, config, arguments, said)
            with socket.create_server(("127.0.0.1", 0)) as taken:
                port = str(taken.getsockname()[1])
                await asyncio.to_thread(refused, config, ("--port", port), "cannot listen on")
            live = config.with_name("live.json")
            settings = json.loads(config.read_text()) | {"realm": "live"}
            live.write_text(json.dumps({k: v for k, v in settings.items() if k != "clock"}))
            await asyncio.to_thread(refused, live, ("--without-login",), "is LIVE: nobody may look")
            token = config.parent / "console.token"
            token.chmod(0o644)
            await asyncio.to_thread(refused, config, (), "can be read by others")

    asyncio.run(story())


def refused(config: Path, arguments: tuple[str, ...], said: str) -> None:
    """It ends with 2 and one line."""
    done = subprocess.run(
        [sys.executable, "-m", "bongsu", "console", "--config", config, *arguments],
        capture_output=True, text=True, timeout=WITHIN_S, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
