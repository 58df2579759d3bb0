"""What a gateway of the message engine is told, and what of it can't be used."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

SECURED = frozenset({"tls", "quic"})
PLAIN = frozenset({"tcp"})
SEND_BUFFER_KIB = 64  # less is slow on loopback, more makes urgent messages wait on a thin link


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """PEM files of this node's link certificate, and of every partner nation's authority."""

    certificate: Path
    private_key: Path
    authorities: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A node with a direct link, and the nodes whose messages go over that link, both ways.

    With endpoints in `connect` we call it, at the first one that answers; without, it calls us.
    """

    node: NodeId
    carries_for: frozenset[NodeId] = frozenset()
    connect: tuple[str, ...] = ()

    @property
    def is_called(self) -> bool:
        return bool(self.connect)

    @property
    def leads_to(self) -> frozenset[NodeId]:
        """Every node that is reached over this link."""
        return self.carries_for | {self.node}


@dataclass(frozen=True, slots=True, kw_only=True)
class ZenohSettings:
    """What one gateway needs to know; endpoints are like "tls/127.0.0.1:7447".

    Of each pair of neighbours one connects to an endpoint where the other listens.
    """

    node: NodeId
    realm: Realm
    listen: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    tls: TlsFiles | None = None
    send_buffer_kib: int = SEND_BUFFER_KIB  # of every connection

    @property
    def prefix(self) -> str:
        """What every key of this realm begins with."""
        return f"bongsu/{self.realm.value}"

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Every endpoint, ours and those that we call."""
        called = (endpoint for one in self.neighbours for endpoint in one.connect)
        return (*self.listen, *called)

    def routes(self) -> dict[NodeId, Neighbour]:
        """The neighbour on the way to each node; a direct link goes before any way round."""
        routes = {far: one for one in self.neighbours for far in one.carries_for}
        return routes | {one.node: one for one in self.neighbours}

    def beyond(self, neighbours: Iterable[Neighbour]) -> list[NodeId]:
        """The nodes whose way leads over one of these neighbours, in order."""
        names = {one.node for one in neighbours}
        return sorted(far for far, one in self.routes().items() if one.node in names)


def require_usable(settings: ZenohSettings) -> None:
    """Raise LocalMisuse where the endpoints do not fit together, or a TLS file is no use."""
    found = {endpoint.partition("/")[0] for endpoint in settings.endpoints}
    if settings.tls is None:
        fits = found <= PLAIN and settings.realm is not Realm.LIVE
    else:
        fits = found <= SECURED
    if not fits:
        raise LocalMisuse(
            f"endpoints {', '.join(settings.endpoints)} {'with' if settings.tls else 'without'}"
            f" TLS files in the {settings.realm.value} realm",
            remedy='Write every endpoint as "tls/HOST:PORT"; plain "tcp/" is for exercises'
            " on one machine",
        )
    for neighbour in settings.neighbours:
        if not (neighbour.is_called or settings.listen):
            raise LocalMisuse(
                f"{settings.node} neither calls {neighbour.node} nor listens for it",
                remedy="Give that partner a connect endpoint, or [engine] a listen endpoint",
            )
    if settings.tls is not None:
        _require_tls_files(settings.tls)


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
