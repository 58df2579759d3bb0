"""What a node answers when it is asked how it, its sensors and its clock are."""

import msgspec

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind


class ClockSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Our own clock, where sensors agree against it."""

    sensors: tuple[str, ...]
    slow_s: float
    followed: bool
    words: str


class BiasSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor's offsets, by component of its kind: m, rad, rad or rad, rad."""

    sensor: str
    kind: SensorKind
    offsets: tuple[float, ...]
    sigmas: tuple[float, ...]
    correction: tuple[float, ...]
    taken_out: bool
    suspicion: str | None


class SensorsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What our tracker says; its counts are since its start. Known: any that it spoke of."""

    clock: ClockSeen | None
    known_sensors: tuple[str, ...] = ()
    off_time_sensors: tuple[str, ...]
    silent_sensors: tuple[str, ...]
    biases: tuple[BiasSeen, ...]
    quarantined_plots: int
    refused_plots: int


class HealthSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`refused`: how often, by source and reason. `version` is the program's; `speaks` are those
    of the protocol, `accepts` the least."""

    node: str
    realm: Realm
    version: str = ""
    speaks: tuple[int, ...] = ()
    accepts: int | None = None
    loop_lag_worst_s: float
    refused: dict[str, int]
    sensors: SensorsSeen

    @property
    def is_well(self) -> bool:
        sensors = self.sensors
        suspected = any(bias.suspicion is not None for bias in sensors.biases)
        return sensors.clock is None and not (
            suspected or sensors.off_time_sensors or sensors.silent_sensors
        )
