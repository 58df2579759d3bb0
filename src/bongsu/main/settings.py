"""Configuration files of the processes: TOML for people, JSON where a program writes them.

Every field is known and bounded; what is wrong is named by its path, with the remedy. Paths in a
file are relative to the file.
"""

import datetime
import tomllib
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from bongsu.adapters.engines.zenoh_settings import SEND_BUFFER_KIB
from bongsu.adapters.system_clock import ScenarioClock, SystemClock
from bongsu.records.names import VERSION, Node, Sensor, Source
from bongsu.records.versions import HIGHEST_NUMBER
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor_tables import InfraredTable, RadarTable
from bongsu.vocabulary.units import NodeId, UtcNs

MAXIMUM_SETTINGS_BYTES = 1_000_000

# No control characters anywhere: no path, address or file name that people type has one.
PathText = Annotated[str, Meta(pattern=r"\A[^\x00-\x1f\x7f]+\Z", max_length=4_096)]
Address = Annotated[
    str,
    Meta(
        pattern=r"\A(unix:[^\x00-\x1f\x7f]+|tcp:[^\x00-\x20\x7f]+:[0-9]{1,5})\Z", max_length=4_096
    ),
]
Endpoint = Annotated[str, Meta(pattern=r"\A(tls|tcp|quic)/[^\x00-\x20\x7f]+\Z", max_length=256)]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a configuration file: every field known, none else allowed."""


class ClockTable(Table, frozen=True, kw_only=True):
    """An exercise's clock: scenario time `scenario_start` falls on system time `anchor`."""

    scenario_start: datetime.datetime
    anchor: datetime.datetime
    speed: Annotated[float, Meta(gt=0.0, le=1_000.0)] = 1.0


class EngineTable(Table, frozen=True, kw_only=True):
    listen: Annotated[tuple[Endpoint, ...], Meta(max_length=8)] = ()
    send_buffer_kib: Annotated[int, Meta(ge=16, le=4_096)] = SEND_BUFFER_KIB


class PartnerTable(Table, frozen=True, kw_only=True):
    """A partner node. `direct`: we have a link to it, which also carries for those named.

    We connect to the first endpoint of `connect` that answers; without one it connects to us.
    """

    id: Node
    direct: bool = True
    connect: Annotated[tuple[Endpoint, ...], Meta(max_length=4)] = ()
    carries_for: Annotated[tuple[Node, ...], Meta(max_length=64)] = ()


class ProcessTable(Table, frozen=True, kw_only=True):
    """What every process of a nation states."""

    realm: Realm
    keys: PathText  # folder with this process's private keys, made by `bongsu keys`
    trust: PathText  # folder with the public parts of every nation, and the guideline
    clock: ClockTable | None = None


class NodeSettings(ProcessTable, frozen=True, kw_only=True):
    id: Node
    log: PathText
    tracker: Address
    control: PathText = "control.sock"  # where `bongsu links` and the like ask this node
    carry: PathText | None = None  # folder of single-use keys, for feeds that are carried as files
    stands_by: bool = False  # another site of our nation speaks, until `bongsu site` says otherwise
    minimum_version: Annotated[int, Meta(ge=1, le=HIGHEST_NUMBER)] = VERSION  # of the protocol
    real_time: bool = False  # first in line for the processor, where the system allows it
    engine: EngineTable = EngineTable()
    # Of our nation, as the tracker's file has them: where they stand, for the map of the console.
    sensors: Annotated[tuple[RadarTable | InfraredTable, ...], Meta(max_length=64)] = ()
    partners: Annotated[tuple[PartnerTable, ...], Meta(max_length=64)] = ()


class TrackerSettings(ProcessTable, frozen=True, kw_only=True):
    id: Source
    listen: Address  # sensors connect here
    node: Address  # pictures go there
    real_time: bool = True  # first in line for the processor, where the system allows it
    sensors: Annotated[tuple[RadarTable | InfraredTable, ...], Meta(min_length=1, max_length=64)]


class SensorSettings(ProcessTable, frozen=True, kw_only=True):
    """A made-up sensor; there is no other kind of sensor process in Bongsu."""

    id: Sensor
    scenario: PathText
    flight: str | None = None  # a published flight put into the scenario in place of its own
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None
    tracker: Address


S = TypeVar("S", bound=ProcessTable)


def read_settings(path: Path, form: type[S]) -> S:
    """Read one configuration file; raises LocalMisuse that names the path and the remedy."""
    data = read_bounded(path, MAXIMUM_SETTINGS_BYTES)
    try:
        tree = msgspec.json.decode(data) if path.suffix == ".json" else tomllib.loads(data.decode())
        settings = msgspec.convert(tree, form)
    except (ValueError, RecursionError) as error:
        raise LocalMisuse(
            f"{path}: {error}", remedy="Mend that field; docs/running.md shows whole files"
        ) from error
    _check_clock(path, settings)
    if isinstance(settings, NodeSettings):
        _check_partners(path, settings)
    return settings


def read_bounded(path: Path, maximum_bytes: int) -> bytes:
    """The bytes of a file; raises LocalMisuse when it is missing, unreadable or too large."""
    try:
        with path.open("rb") as file:
            data = file.read(maximum_bytes + 1)
    except OSError as error:
        raise LocalMisuse(
            f"cannot read {path}: {error.strerror}",
            remedy="Name a file that exists and is readable",
        ) from error
    if len(data) > maximum_bytes:
        raise LocalMisuse(f"{path} is larger than {maximum_bytes} bytes", remedy="Make it smaller")
    return data


def beside(path: Path, name: str) -> Path:
    """A path that a configuration file names, relative to that file."""
    return path.parent / name


def address_beside(path: Path, address: str) -> str:
    """A Unix socket's path is relative to the configuration file too."""
    kind, _, rest = address.partition(":")
    return f"unix:{path.parent / rest}" if kind == "unix" else address


def clock_of(settings: ProcessTable) -> SystemClock | ScenarioClock:
    """The clock that the process's records state."""
    if settings.clock is None:
        return SystemClock()
    return ScenarioClock(
        scenario_start=_utc_ns(settings.clock.scenario_start),
        anchor_utc=_utc_ns(settings.clock.anchor),
        speed=settings.clock.speed,
    )


def partners_of(settings: NodeSettings) -> tuple[NodeId, ...]:
    """The partner nodes in the order of the file."""
    return tuple(partner.id for partner in settings.partners)


def relays_of(settings: NodeSettings) -> dict[NodeId, NodeId]:
    """For each partner without a direct link, the partner that carries for it."""
    return {
        carried: carrier.id
        for carrier in reversed(settings.partners)
        for carried in carrier.carries_for
        if any(one.id == carried and not one.direct for one in settings.partners)
    }


def _check_clock(path: Path, settings: ProcessTable) -> None:
    clock = settings.clock
    if clock is None:
        return
    if settings.realm is not Realm.EXERCISE:
        raise LocalMisuse(
            f"{path}: a {settings.realm.value} process has a scenario clock",
            remedy='Take [clock] out, or say realm = "exercise"',
        )
    for name in ("scenario_start", "anchor"):
        if getattr(clock, name).tzinfo is None:
            raise LocalMisuse(
                f"{path}: clock.{name} has no time zone", remedy="End it with Z for UTC"
            )


def _check_partners(path: Path, settings: NodeSettings) -> None:
    for partner in settings.partners:
        if not partner.direct and (partner.connect or partner.carries_for):
            raise LocalMisuse(
                f"{path}: {partner.id} is not direct, and connects or carries",
                remedy="Take direct = false out, or its connect and carries_for",
            )


def _utc_ns(instant: datetime.datetime) -> UtcNs:
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return UtcNs((instant - epoch) // datetime.timedelta(microseconds=1) * 1_000)
