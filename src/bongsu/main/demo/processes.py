"""The demo's processes: started together, listened to, ended in order."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bongsu.vocabulary.errors import Unavailable

MAXIMUM_LINE_BYTES = 4 * 1024 * 1024
STOP_WITHIN_S = 10.0

JournalLine = dict[str, object]
OnLine = Callable[[JournalLine], None]


@dataclass(slots=True)
class RunningProcess:
    """A child process; its journal lines go to `on_line`, its complaints to a file."""

    name: str
    process: asyncio.subprocess.Process
    complaints: Path
    reading: asyncio.Task[None]

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    async def stop(self) -> None:
        """Ask it to end; after a bound, end it."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                # By its number: asyncio's own way would collect a child that has just ended,
                # and then report that it failed.
                os.kill(self.process.pid, signal.SIGINT)
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        await self.reading

    def failure(self) -> Unavailable | None:
        """Why it ended before it was asked to, None while it runs or after a clean end."""
        if self.process.returncode in (None, 0):
            return None
        said = self.complaints.read_text(errors="replace").strip().splitlines()
        return Unavailable(
            f"{self.name} ended with code {self.process.returncode}: {said[-1] if said else '-'}",
            remedy=f"Read {self.complaints}",
        )


@dataclass(slots=True)
class ProcessGroup:
    """All children of the demo; leaving the context ends every one that still runs."""

    folder: Path
    children: list[RunningProcess] = field(default_factory=list)

    async def __aenter__(self) -> "ProcessGroup":
        return self

    async def __aexit__(self, *raised: object) -> None:
        await asyncio.gather(*(child.stop() for child in self.children))

    async def start(
        self, command: str, config: Path, *options: str, name: str, on_line: OnLine
    ) -> RunningProcess:
        """Start `bongsu COMMAND --config CONFIG OPTIONS`."""
        arguments = ("-m", "bongsu", command, "--config", str(config), *options)
        return await self.start_python(*arguments, name=name, on_line=on_line)

    async def start_python(self, *arguments: str, name: str, on_line: OnLine) -> RunningProcess:
        """Start this Python with `arguments`, in a session of its own.

        Its own session, so that a Ctrl-C at the terminal reaches the demo alone, which then
        ends its children in order.
        """
        complaints = self.folder / f"{name}.stderr"
        with complaints.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
                limit=MAXIMUM_LINE_BYTES,
                start_new_session=True,
            )
        reading = asyncio.ensure_future(_read_lines(process, on_line))
        child = RunningProcess(name, process, complaints, reading)
        self.children.append(child)
        return child

    def raise_failure(self) -> None:
        """Raise Unavailable for the first child that ended by an error."""
        for child in self.children:
            failure = child.failure()
            if failure is not None:
                raise failure


async def _read_lines(process: asyncio.subprocess.Process, on_line: OnLine) -> None:
    if process.stdout is None:
        return
    async for line in process.stdout:
        on_line(msgspec.json.decode(line, type=dict[str, object]))
