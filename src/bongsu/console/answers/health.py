"""What a node answers when it is asked how it, its sensors and its clock are."""

import msgspec

from bongsu.vocabulary.realm import Realm


class ClockSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Our own clock, where sensors agree against it."""

    sensors: tuple[str, ...]
    slow_s: float
    followed: bool
    words: str


class SensorsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What our tracker says; its counts are since its start."""

    clock: ClockSeen | None
    off_time_sensors: tuple[str, ...]
    silent_sensors: tuple[str, ...]
    quarantined_plots: int
    refused_plots: int


class HealthSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    loop_lag_worst_s: float
    refused: dict[str, int]
    sensors: SensorsSeen

    @property
    def is_well(self) -> bool:
        sensors = self.sensors
        return sensors.clock is None and not (sensors.off_time_sensors or sensors.silent_sensors)
