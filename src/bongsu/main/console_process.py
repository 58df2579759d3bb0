"""The console as a process of its own: HTTP on this machine, beside the node that it asks.

However many look at it, the node has one more caller on its control socket and no other work.
"""

import asyncio
import ipaddress
import secrets
import socket
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from bongsu.adapters.control_socket import ask_node
from bongsu.adapters.keys.passkeys import WebauthnPasskeys
from bongsu.adapters.keys.private_files import read_file, require_private, write_new_file
from bongsu.adapters.people_file import NAME as PEOPLE_FILE
from bongsu.adapters.people_file import PeopleFile
from bongsu.adapters.system_clock import SystemClock
from bongsu.console.web.api import application
from bongsu.console.web.passkey_port import Entry
from bongsu.main.running import run_to_the_end, stop_on_signals
from bongsu.main.settings import NodeSettings, beside, read_settings
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.exported_moment import ExportedMoment
from bongsu.vocabulary.realm import Realm

TOKEN_FILE = "console.token"
TOKEN_BYTES = 32
MAXIMUM_TOKEN_BYTES = 256
MAXIMUM_CONNECTIONS = 256
MAXIMUM_HEADER_BYTES = 16 * 1024
STOPS_WITHIN_S = 1


class ControlledNode:
    """Implements `console.web.node_port.NodePort` by a node's control socket."""

    def __init__(self, control: Path) -> None:
        self._control = control

    async def ask(self, command: str, body: Mapping[str, object]) -> object:
        """See the port; the waiting is beside the loop."""
        return await asyncio.to_thread(ask_node, self._control, command, body)


def run_console(
    config: Path, *, host: str, port: int, without_login: bool, say: Callable[[str], None]
) -> None:
    """Serve until Ctrl-C, after saying where. Raises LocalMisuse for a bad file or address."""
    settings = read_settings(config, NodeSettings)
    if without_login and settings.realm is not Realm.EXERCISE:
        raise LocalMisuse(
            f"{settings.id} is {settings.realm.banner}: nobody may look without a login",
            remedy="Leave out --without-login, or name the node of an exercise",
        )
    require_loopback(host)
    app = application(
        ControlledNode(beside(config, settings.control)),
        token=token_beside(config),
        names=("localhost", _as_host(host)),
        port=port,
        realm=settings.realm,
        now=SystemClock().monotonic,
        open_to_all=without_login,
        exporters={"geojson": _geojson, "czml": _czml},
        entry=entry_beside(config, port=port),
    )
    with listening_at(host, port) as listening:
        say(
            f"{settings.realm.banner}: {settings.id} at http://{_as_host(host)}:{port}/"
            f" ({'no login' if without_login else f'token in {config.parent / TOKEN_FILE}'})"
        )
        run_to_the_end(_serve(app, listening))


def _geojson(moment: ExportedMoment) -> bytes:
    """Loaded when somebody asks: arithmetic that the pages have no use for."""
    from bongsu.adapters.tracks.moment_geojson import moment_geojson

    return moment_geojson(moment)


def _czml(moment: ExportedMoment) -> bytes:
    from bongsu.adapters.tracks.moment_czml import moment_czml

    return moment_czml(moment)


def entry_beside(config: Path, *, port: int) -> Entry:
    """How people of the node come in: passkeys are bound to a name, and no address is one."""
    origin = f"http://localhost:{port}"
    return Entry(
        registry=PeopleFile(config.parent / PEOPLE_FILE),
        checker=WebauthnPasskeys(host="localhost", origin=origin),
        utc=SystemClock().utc,
        address=f"{origin}/login",
    )


class _Server(uvicorn.Server):
    """Leaves signals to us: it would raise them again once it has stopped."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


async def _serve(app: Starlette, listening: socket.socket) -> None:
    server = _Server(
        uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MAXIMUM_CONNECTIONS,
            h11_max_incomplete_event_size=MAXIMUM_HEADER_BYTES,
            timeout_graceful_shutdown=STOPS_WITHIN_S,
        )
    )

    def stop() -> None:
        server.should_exit = True

    stop_on_signals(stop)
    await server.serve(sockets=[listening])


def listening_at(host: str, port: int) -> socket.socket:
    """Bound and listening. Raises LocalMisuse where the place is taken.

    It says that it is TCP: the event loop sends at once (no delay) only on sockets that do, and an
    answer in two pieces else waits 40 ms for the asker's acknowledgement of the first.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise LocalMisuse(
            f"cannot listen on {_as_host(host)}:{port}: {error.strerror}",
            remedy="Give another one with --port",
        ) from error
    return listening


def require_loopback(host: str) -> None:
    """Raise LocalMisuse for anything but an address of this machine alone."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError as error:
        raise LocalMisuse(
            f"{host[:80]!r} is no IP address", remedy="Listen on 127.0.0.1 or ::1"
        ) from error
    if not address.is_loopback:
        raise LocalMisuse(
            f"{host} is not of this machine alone; tokens and warnings would cross a network bare",
            remedy="Listen on 127.0.0.1 or ::1, and come through SSH or a proxy with TLS and login",
        )


def token_beside(config: Path) -> str:
    """The console's token: made once beside the node's file, readable by its owner alone."""
    path = config.parent / TOKEN_FILE
    if not path.exists():
        write_new_file(path, secrets.token_urlsafe(TOKEN_BYTES).encode() + b"\n")
    require_private(path)
    token = read_file(path, MAXIMUM_TOKEN_BYTES).decode("ascii", "replace").strip()
    if len(token) < TOKEN_BYTES or not token.isprintable() or " " in token:
        raise LocalMisuse(f"{path} holds no token", remedy="Delete it: a new one is made")
    return token


def _as_host(host: str) -> str:
    """An address as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
