"""The far end of the wire's floor: a process that sends every message straight back."""

import sys
from pathlib import Path

from bongsu.adapters.engines.zenoh_engine import ZenohEngine
from bongsu.main.node_process import engine_settings
from bongsu.main.settings import NodeSettings, read_settings


def main(config: str) -> None:
    path = Path(config)
    engine = ZenohEngine(engine_settings(path, read_settings(path, NodeSettings)))
    engine.open(
        lambda sender, channel, payload: None if engine.send(sender, channel, payload) else None
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    engine.close()


if __name__ == "__main__":
    main(sys.argv[1])
