"""What a gateway of the message engine is told, and the Zenoh configurations that follow.

What was measured of Zenoh decides the figures (docs/decisions/0007-message-engine.md). Access is
denied by default and granted by certificate name: a neighbour brings only what it sends itself
or carries for others, addressed to us as the next node, and gets only what is addressed to it.
"""

import ssl
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
CALLED_WITHIN_MS = 1_000
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
    """A node with a direct link, and the nodes whose messages go over that link, both ways."""

    node: NodeId
    carries_for: frozenset[NodeId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZenohSettings:
    """What one gateway needs to know; endpoints are like "tls/127.0.0.1:7447".

    Of each pair of neighbours one connects to an endpoint where the other listens.
    """

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

    def routes(self) -> dict[NodeId, NodeId]:
        """The neighbour on the way to each node."""
        routes = {far: one.node for one in self.neighbours for far in one.carries_for}
        return routes | {one.node: one.node for one in self.neighbours}


def require_usable(settings: ZenohSettings) -> None:
    """Raise LocalMisuse where the endpoints do not fit together, or a TLS file is no use."""
    endpoints = (*settings.listen, *settings.connect)
    found = {endpoint.partition("/")[0] for endpoint in endpoints}
    if settings.tls is None:
        fits = found <= PLAIN and settings.realm is not Realm.LIVE
    else:
        fits = found <= SECURED
    if not fits:
        raise LocalMisuse(
            f"endpoints {', '.join(endpoints)} {'with' if settings.tls else 'without'} TLS files"
            f" in the {settings.realm.value} realm",
            remedy='Write every endpoint as "tls/HOST:PORT"; plain "tcp/" is for exercises'
            " on one machine",
        )
    if settings.tls is not None:
        _require_tls_files(settings.tls)


def listening(settings: ZenohSettings) -> zenoh.Config:
    """A router that neighbours connect to. It routes nothing: every key names the next node."""
    values = _common(settings)
    values["mode"] = "router"
    values["listen"] = {"endpoints": list(settings.listen), "exit_on_failure": True}
    return _config(values)


def calling(settings: ZenohSettings, endpoint: str) -> zenoh.Config:
    """A client of one neighbour. Opening it fails when nobody answers within a second."""
    values = _common(settings)
    values["mode"] = "client"
    values["connect"] = {
        "endpoints": [endpoint],
        "timeout_ms": CALLED_WITHIN_MS,
        "exit_on_failure": True,
        "retry": {"period_init_ms": 100, "period_max_ms": 1000, "period_increase_factor": 2},
    }
    return _config(values)


def _common(settings: ZenohSettings) -> Values:
    endpoints = (*settings.listen, *settings.connect)
    link: Values = {
        "protocols": sorted({endpoint.partition("/")[0] for endpoint in endpoints}),
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
        "scouting": {
            "delay": 0,  # opening waits for nobody who was not called
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
    return values


def _config(values: Values) -> zenoh.Config:
    return zenoh.Config.from_json5(msgspec.json.encode(values).decode())


def _require_tls_files(files: TlsFiles) -> None:
    for name in ("certificate", "private_key", "authorities"):
        path: Path = getattr(files, name)
        if not path.is_file():
            raise LocalMisuse(f"no TLS {name} at {path}", remedy="Make keys with: bongsu keys init")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_cert_chain(files.certificate, files.private_key)
        context.load_verify_locations(files.authorities)
    except (ssl.SSLError, OSError) as error:
        raise LocalMisuse(
            f"the TLS files beside {files.certificate} are no use: {error}",
            remedy="Make keys with: bongsu keys init, and add the partners' authorities",
        ) from error


def _tls(files: TlsFiles) -> Values:
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
        own_rules = _rules(settings, neighbour)
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


def _rules(settings: ZenohSettings, neighbour: Neighbour) -> list[Values]:
    """Keys are PREFIX / next node / hops left / sender / reader / channel."""
    name, prefix = neighbour.node, settings.prefix
    senders = sorted({name, *neighbour.carries_for})
    brings = [f"{prefix}/{settings.node}/*/{sender}/*/*" for sender in senders]
    ours, its = [f"{prefix}/{settings.node}/*/*/*/*"], [f"{prefix}/{name}/*/*/*/*"]
    return [
        _rule(f"brings-{name}", "put", "ingress", brings),
        _rule(f"gets-{name}", "put", "egress", its),
        _rule(f"wants-{name}", "declare_subscriber", "ingress", its),
        _rule(f"told-{name}", "declare_subscriber", "egress", ours),
    ]


def _rule(name: str, message: str, flow: str, key_expressions: list[str]) -> Values:
    return {
        "id": name,
        "messages": [message],
        "flows": [flow],
        "permission": "allow",
        "key_exprs": key_expressions,
    }
