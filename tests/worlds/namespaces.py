"""Real links that one can cut: a network namespace for each node, wires between them.

A wire is two virtual cables plugged into one bridge in a namespace of its own. Pulled out of the
bridge it carries nothing, and neither end is told: its own cable stays up.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import msgspec
from bench.lab import Lab

from bongsu.adapters.keys.folders import KeyFolders
from bongsu.adapters.keys.tls_certificates import (
    NODE_CERTIFICATE_FILE,
    NODE_KEY_FILE,
    authority_file,
    make_tls_certificate,
)
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.settings import EngineTable, NodeSettings, PartnerTable, read_settings
from bongsu.records.certificate import Role
from bongsu.vocabulary.units import NS_PER_S, NationId, NodeId, UtcNs

DAY_NS = 86_400 * NS_PER_S
PORT = 7447
WITHIN_S = 20.0
# Replaces itself by a Python inside the namespace: its number and signals stay the same.
_INTO = """
import os, sys
os.execvp("ip", ["ip", "netns", "exec", sys.argv[1], sys.executable, *sys.argv[2:]])
"""


def why_not() -> str:
    """Why this machine can't make namespaces; empty where it can."""
    if shutil.which("ip") is None:
        return "iproute2 is not installed"
    if os.geteuid() != 0:
        return "making network namespaces needs root"
    name = f"bongsu-{os.getpid()}-probe"
    try:
        _ip("netns", "add", name)
        _ip("-n", name, "link", "add", "probe", "type", "bridge")
    except subprocess.CalledProcessError as error:
        return f"network namespaces can't be made here: {error.stderr.strip()}"
    finally:
        subprocess.run(["ip", "netns", "del", name], capture_output=True, timeout=WITHIN_S)
    return ""


@dataclass(frozen=True)
class Wire:
    """Between a nation's node and the relay's; addresses are on a network of its own."""

    switch: str
    nation: str
    number: int

    @property
    def far_address(self) -> str:
        """Of the relay's end."""
        return f"10.77.{self.number}.2"

    def cut(self) -> None:
        _ip("-n", self.switch, "link", "set", f"to{self.number}", "nomaster")

    def mend(self) -> None:
        _ip("-n", self.switch, "link", "set", f"to{self.number}", "master", f"wire{self.number}")


@dataclass(frozen=True)
class Wires:
    """The relay's namespace in the middle, a wire to each other nation's."""

    name: str
    relay: str
    wires: dict[str, Wire]

    def namespace(self, nation: str) -> str:
        return f"{self.name}-{nation}"

    def settle(self, lab: Lab) -> None:
        """The relay listens on every wire, the others call it over theirs."""
        relay = lab.nations[NationId(self.relay)]
        self._certify(lab, relay.node)
        for one in lab.nations.values():
            settings = read_settings(one.node_file, NodeSettings)
            changed = msgspec.structs.replace(
                settings,
                engine=EngineTable(listen=self._listen() if one is relay else ()),
                partners=tuple(self._partner(one.nation, each) for each in settings.partners),
            )
            one.node_file.write_bytes(msgspec.json.encode(changed))

    async def start(self, lab: Lab, nation: str) -> None:
        """A nation's node, in its namespace."""
        one = lab.nations[NationId(nation)]
        await lab.group.start_python(
            "-c", _INTO, self.namespace(nation),
            "-m", "bongsu", "node", "--config", str(one.node_file),
            name=one.node, on_line=lab.take,
        )  # fmt: skip

    def _listen(self) -> tuple[str, ...]:
        return tuple(f"tls/{wire.far_address}:{PORT}" for wire in self.wires.values())

    def _partner(self, here: str, partner: PartnerTable) -> PartnerTable:
        calls = here != self.relay and partner.direct
        at = (f"tls/{self.wires[here].far_address}:{PORT}",) if calls else ()
        return msgspec.structs.replace(partner, connect=at)

    def _certify(self, lab: Lab, node: NodeId) -> None:
        """A link certificate of the relay's that names its ends of the wires."""
        folders = KeyFolders(folder=lab.folder / "keys" / self.relay, nation=NationId(self.relay))
        own, now = folders.of(Role.NODE, node), SystemClock().system_utc()
        for name in (NODE_KEY_FILE, NODE_CERTIFICATE_FILE):
            (own / name).unlink()
        make_tls_certificate(
            own,
            node=node,
            hosts=tuple(wire.far_address for wire in self.wires.values()),
            root_folder=folders.root,
            authority=folders.public / authority_file(NationId(self.relay)),
            not_before=UtcNs(now - NS_PER_S),
            not_after=UtcNs(now + DAY_NS),
        )


@contextmanager
def laid_wires(relay: str, nations: tuple[str, ...]) -> Iterator[Wires]:
    """Namespaces and wires, all gone afterwards."""
    name = f"bongsu-{os.getpid()}"
    switch = f"{name}-switch"
    wires = {nation: Wire(switch, nation, place) for place, nation in enumerate(nations, 1)}
    made = Wires(name, relay, wires)
    with ExitStack() as torn_down:
        for space in (switch, *(made.namespace(nation) for nation in (relay, *nations))):
            _ip("netns", "add", space)
            torn_down.callback(_ip, "netns", "del", space)
            _ip("-n", space, "link", "set", "lo", "up")
        for wire in wires.values():
            _lay(made, wire)
        yield made


def _lay(made: Wires, wire: Wire) -> None:
    at, bridge = wire.number, f"wire{wire.number}"
    _ip("-n", wire.switch, "link", "add", bridge, "type", "bridge", "forward_delay", "0")
    _ip("-n", wire.switch, "link", "set", bridge, "up")
    for end, nation, address in (
        (f"to{at}", wire.nation, f"10.77.{at}.1"),
        (f"us{at}", made.relay, wire.far_address),
    ):
        space = made.namespace(nation)
        _ip("link", "add", end, "netns", wire.switch, "type", "veth", "peer", "name", end,
            "netns", space)  # fmt: skip
        _ip("-n", wire.switch, "link", "set", end, "master", bridge, "up")
        _ip("-n", space, "addr", "add", f"{address}/24", "dev", end)
        _ip("-n", space, "link", "set", end, "up")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True, timeout=WITHIN_S)
