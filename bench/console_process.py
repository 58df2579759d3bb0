"""A console beside one of the bench's nodes, as `bongsu console` starts it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.lab import Lab

from bongsu.main.demo.federation_files import free_ports
from bongsu.vocabulary.units import NationId

STOPS_WITHIN_S = 20.0


@asynccontextmanager
async def running_console(lab: Lab, nation: str) -> AsyncIterator[tuple[int, int]]:
    """Its port and its process id; nobody has to log in."""
    config = lab.nations[NationId(nation)].node_file
    [port] = free_ports(1)
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bongsu", "console", "--config", str(config),
        "--port", str(port), "--without-login", stderr=asyncio.subprocess.PIPE, env=os.environ,
    )  # fmt: skip
    try:
        assert started.stderr is not None
        said = (await started.stderr.readline()).decode()
        if f":{port}/" not in said:
            raise RuntimeError(f"the console did not start: {said}")
        yield port, started.pid
    finally:
        started.terminate()
        async with asyncio.timeout(STOPS_WITHIN_S):
            await started.wait()
