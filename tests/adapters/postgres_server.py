"""A PostgreSQL server of the tests' own, on a Unix socket in a temporary folder."""

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

STARTED_WITHIN_S = "60"


def programs() -> Path | None:
    """Where the server's programs are: Debian keeps them off the path."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    if found:
        return Path(found[-1]).parent
    on_path = shutil.which("initdb")
    return None if on_path is None else Path(on_path).resolve().parent


@contextmanager
def running_server() -> Iterator["Server"]:
    """Start a server and stop it in the end; skips, with the reason, where there is none."""
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed: sudo apt-get install -y postgresql")
    with tempfile.TemporaryDirectory(prefix="bongsu-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:  # the server refuses to run as root; Debian has a user for it
            shutil.chown(folder, "postgres")
        server = Server(where, folder)
        server.run("initdb", "--pgdata", str(folder / "data"), "--auth", "trust", "--no-sync")
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Server:
    """One server; `url` reaches its only database."""

    def __init__(self, where: Path, folder: Path) -> None:
        self._where = where
        self._folder = folder

    @property
    def url(self) -> str:
        user = "postgres" if os.geteuid() == 0 else os.environ.get("USER", "postgres")
        return f"postgresql://{user}@/postgres?host={self._folder}"

    def start(self) -> None:
        # Only on a socket in our folder; durable, as by default.
        options = f"-k {self._folder} -c listen_addresses=''"
        log = str(self._folder / "log")
        self._control("start", "-w", "-t", STARTED_WITHIN_S, "-l", log, "-o", options)

    def stop(self, mode: str = "immediate") -> None:
        """`immediate` is what a crash is: nothing is tidied up."""
        self._control("stop", "-w", "-m", mode)

    def sql(self, statement: str) -> str:
        """Run one statement as the server's owner; what it answers."""
        return self.run("psql", "-h", str(self._folder), "-d", "postgres", "-qAtc", statement)

    def run(self, program: str, *arguments: str) -> str:
        command = [str(self._where / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command, cwd="/", capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout.strip()

    def _control(self, *arguments: str) -> None:
        self.run("pg_ctl", "-D", str(self._folder / "data"), *arguments)
