"""The demo's children: what fails surfaces in words, what hangs is ended, the rest ends cleanly."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from bongsu.main.demo import processes
from bongsu.main.demo.processes import JournalLine, ProcessGroup, RunningProcess
from bongsu.vocabulary.errors import Unavailable

pytestmark = pytest.mark.processes

OBEDIENT = """
import signal, sys, threading
asked = threading.Event()
signal.signal(signal.SIGINT, lambda *_: asked.set())
print('{"event": "ready"}', flush=True)
while not asked.wait(0.05): pass
print('{"event": "over"}', flush=True)
"""
STUBBORN = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
print('{"event": "ready"}', flush=True)
sys.stdin.read()
"""


class Heard:
    def __init__(self) -> None:
        self.events: list[object] = []
        self.first = asyncio.Event()

    def take(self, line: JournalLine) -> None:
        self.events.append(line["event"])
        self.first.set()


async def child(program: str, folder: Path, heard: Heard) -> RunningProcess:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    reading = asyncio.ensure_future(processes._read_lines(process, heard.take))
    await asyncio.wait_for(heard.first.wait(), 30.0)
    return RunningProcess("child", process, folder / "child.stderr", reading)


def test_a_child_that_is_asked_to_stop_says_its_last_line_first(tmp_path: Path) -> None:
    async def story() -> None:
        heard = Heard()
        running = await child(OBEDIENT, tmp_path, heard)
        assert running.running
        assert running.failure() is None
        await running.stop()
        assert heard.events == ["ready", "over"]
        assert running.process.returncode == 0
        assert running.failure() is None
        await running.stop()  # and again does no harm

    asyncio.run(story())


def test_a_child_that_does_not_listen_is_ended_within_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STOP_WITHIN_S", 0.1)

    async def story() -> None:
        running = await child(STUBBORN, tmp_path, Heard())
        await running.stop()
        assert running.process.returncode == -signal.SIGKILL

    asyncio.run(story())


def test_a_child_that_fails_surfaces_with_its_own_words(tmp_path: Path) -> None:
    async def story() -> None:
        async with ProcessGroup(tmp_path) as group:
            running = await group.start(
                "node", tmp_path / "missing.json", name="KR-1", on_line=Heard().take
            )
            await asyncio.wait_for(running.process.wait(), 60.0)
            with pytest.raises(Unavailable) as failed:
                group.raise_failure()
        assert "KR-1 ended with code 2: bongsu: cannot read" in failed.value.what
        assert str(tmp_path / "KR-1.stderr") in failed.value.remedy

    asyncio.run(story())


def test_leaving_the_group_ends_every_child_whatever_happened(tmp_path: Path) -> None:
    async def story() -> None:
        group = ProcessGroup(tmp_path)
        heard = Heard()

        async def fails() -> None:
            async with group:
                group.children.append(await child(OBEDIENT, tmp_path, heard))
                raise RuntimeError("in the middle")

        with pytest.raises(RuntimeError, match="in the middle"):
            await fails()
        assert [one.running for one in group.children] == [False]
        assert heard.events == ["ready", "over"]

    asyncio.run(story())
