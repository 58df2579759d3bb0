"""The Zenoh configurations of a gateway: one session that listens, one a lane for each call.

What was measured of Zenoh decides the figures (docs/decisions/0007-message-engine.md).
"""

import msgspec
import zenoh

from bongsu.adapters.engines.zenoh_access import access_control
from bongsu.adapters.engines.zenoh_settings import Neighbour, TlsFiles, ZenohSettings
from bongsu.node.ports import MAXIMUM_PAYLOAD_BYTES

MAXIMUM_MESSAGE_BYTES = MAXIMUM_PAYLOAD_BYTES + 64 * 1024  # with the engine's own headers
LEASE_MS = 2_000
BATCH_BYTES = 16 * 1024
WAIT_BEFORE_DROP_US = 1_000_000  # for room for one more batch: at 128 kbit/s and above
WAIT_BEFORE_DROP_FRAGMENTS_US = 600_000_000  # for the whole of the largest message
CALLED_WITHIN_MS = 1_000

Values = dict[str, object]


def listening(settings: ZenohSettings) -> zenoh.Config:
    """A router that neighbours connect to, each with a connection for either lane."""
    values = _common(settings)
    values["mode"] = "router"
    values["listen"] = {"endpoints": list(settings.listen), "exit_on_failure": True}
    return _config(values)


def calling(settings: ZenohSettings, neighbour: Neighbour) -> zenoh.Config:
    """A client of one neighbour. Opening it fails when nobody answers within a second."""
    values = _common(settings)
    values["mode"] = "client"
    values["connect"] = {
        "endpoints": list(neighbour.connect),
        "timeout_ms": CALLED_WITHIN_MS,
        "exit_on_failure": True,
        "retry": {"period_init_ms": 100, "period_max_ms": 1000, "period_increase_factor": 2},
    }
    return _config(values)


def _common(settings: ZenohSettings) -> Values:
    send_buffer_bytes = settings.send_buffer_kib * 1024
    link: Values = {
        "protocols": sorted({endpoint.partition("/")[0] for endpoint in settings.endpoints}),
        "rx": {"max_message_size": MAXIMUM_MESSAGE_BYTES},
        "tcp": {"so_sndbuf": send_buffer_bytes},
        "tx": {
            "lease": LEASE_MS,
            "batch_size": BATCH_BYTES,
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
        link["tls"] = _tls(settings.tls) | {"so_sndbuf": send_buffer_bytes}
        values["access_control"] = access_control(settings)
    return values


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


def _config(values: Values) -> zenoh.Config:
    return zenoh.Config.from_json5(msgspec.json.encode(values).decode())
