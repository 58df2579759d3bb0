"""What a gateway of the message engine is told, and the Zenoh configuration that follows.

What was measured of Zenoh decides the figures (docs/decisions/0007-message-engine.md). Access is
denied by default and granted by certificate name: a neighbour brings only what it sends itself
or carries for others, and gets only what is for it or for those it carries for.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import zenoh

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

MAXIMUM_PAYLOAD_BYTES = 9 * 1024 * 1024  # the largest sealed frame, with room to spare
MAXIMUM_MESSAGE_BYTES = MAXIMUM_PAYLOAD_BYTES + 64 * 1024  # with the engine's own headers
LEASE_MS = 2_000
WAIT_BEFORE_DROP_US = 50_000
WAIT_BEFORE_DROP_FRAGMENTS_US = 200_000
SECURED = frozenset({"tls", "quic"})
PLAIN = frozenset({"tcp"})

Values = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """PEM files of this node's link certificate, and of every partner nation's authority."""

    certificate: Path
    private_key: Path
    authorities: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A node with a direct link, and the nodes whose messages may come over that link."""

    node: NodeId
    carries_for: frozenset[NodeId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZenohSettings:
    """What one gateway needs to know; endpoints are like "tls/127.0.0.1:7447"."""

    node: NodeId
    realm: Realm
    listen: tuple[str, ...]
    connect: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    tls: TlsFiles | None = None

    @property
    def prefix(self) -> str:
        """What every key of this realm begins with."""
        return f"bongsu/{self.realm.value}"


def configuration(settings: ZenohSettings) -> zenoh.Config:
    """Zenoh's own configuration. Raises LocalMisuse for endpoints or files that can't be used."""
    protocols = _protocols(settings)
    link: Values = {
        "protocols": sorted(protocols),
        "rx": {"max_message_size": MAXIMUM_MESSAGE_BYTES},
        "tx": {
            "lease": LEASE_MS,
            "queue": {
                "congestion_control": {
                    "drop": {
                        "wait_before_drop": WAIT_BEFORE_DROP_US,
                        "max_wait_before_drop_fragments": WAIT_BEFORE_DROP_FRAGMENTS_US,
                    }
                }
            },
        },
    }
    values: Values = {
        "mode": "router",
        "listen": {"endpoints": list(settings.listen), "exit_on_failure": True},
        "connect": {
            "endpoints": list(settings.connect),
            "timeout_ms": -1,
            "exit_on_failure": False,
            "retry": {"period_init_ms": 100, "period_max_ms": 1000, "period_increase_factor": 2},
        },
        "scouting": {
            "delay": 0,  # opening waits for nobody: partners come and go
            "multicast": {"enabled": False},
            "gossip": {"enabled": False},
        },
        "transport": {
            "shared_memory": {"enabled": False},
            "unicast": {"open_timeout": 3000, "accept_timeout": 3000},
            "link": link,
        },
    }
    if settings.tls is not None:
        link["tls"] = _tls(settings.tls)
        values["access_control"] = _access_control(settings)
    return zenoh.Config.from_json5(msgspec.json.encode(values).decode())


def _protocols(settings: ZenohSettings) -> frozenset[str]:
    """The protocols of the endpoints: all of them secured, or all plain and never live."""
    endpoints = (*settings.listen, *settings.connect)
    found = frozenset(endpoint.partition("/")[0] for endpoint in endpoints)
    if settings.tls is not None and found <= SECURED:
        return found
    if settings.tls is None and found <= PLAIN and settings.realm is not Realm.LIVE:
        return found
    raise LocalMisuse(
        f"endpoints {', '.join(endpoints)} {'with' if settings.tls else 'without'} TLS files"
        f" in the {settings.realm.value} realm",
        remedy='Write every endpoint as "tls/HOST:PORT"; plain "tcp/" is for exercises'
        " on one machine",
    )


def _tls(files: TlsFiles) -> Values:
    for name in ("certificate", "private_key", "authorities"):
        path: Path = getattr(files, name)
        if not path.is_file():
            raise LocalMisuse(f"no TLS {name} at {path}", remedy="Make keys with: bongsu keys init")
    return {
        "root_ca_certificate": str(files.authorities),
        "listen_certificate": str(files.certificate),
        "listen_private_key": str(files.private_key),
        "connect_certificate": str(files.certificate),
        "connect_private_key": str(files.private_key),
        "enable_mtls": True,
        "verify_name_on_connect": True,
        "close_link_on_expiration": True,
    }


def _access_control(settings: ZenohSettings) -> Values:
    rules: list[Values] = []
    policies: list[Values] = []
    for neighbour in settings.neighbours:
        own_rules = _rules(settings.prefix, neighbour)
        rules += own_rules
        policies.append({"rules": [rule["id"] for rule in own_rules], "subjects": [neighbour.node]})
    return {
        "enabled": True,
        "default_permission": "deny",
        "rules": rules,
        "subjects": [
            {"id": neighbour.node, "cert_common_names": [neighbour.node]}
            for neighbour in settings.neighbours
        ],
        "policies": policies,
    }


def _rules(prefix: str, neighbour: Neighbour) -> list[Values]:
    behind = sorted({neighbour.node, *neighbour.carries_for})
    sent_by = [f"{prefix}/{node}/*/*" for node in behind]
    read_by = [f"{prefix}/*/{node}/*" for node in behind]
    anybody = [f"{prefix}/*/*/*"]
    return [
        _rule(f"brings-{neighbour.node}", "put", "ingress", sent_by),
        _rule(f"gets-{neighbour.node}", "put", "egress", read_by),
        _rule(f"wants-{neighbour.node}", "declare_subscriber", "ingress", read_by),
        _rule(f"told-{neighbour.node}", "declare_subscriber", "egress", anybody),
    ]


def _rule(name: str, message: str, flow: str, key_expressions: list[str]) -> Values:
    return {
        "id": name,
        "messages": [message],
        "flows": [flow],
        "permission": "allow",
        "key_exprs": key_expressions,
    }
