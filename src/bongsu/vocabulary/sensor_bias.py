"""A sensor's offsets, as found where it and others see the same objects."""

from dataclasses import dataclass

from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.units import SensorId


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorBias:
    """What a sensor measures too much, by component of its kind, in the component's unit.

    `taken_out`: `correction` is subtracted from its plots; all zeros where nothing is. `suspicion`
    says in words why the offsets are no longer followed, None where they are.
    """

    sensor_id: SensorId
    kind: SensorKind
    offsets: tuple[float, ...]
    sigmas: tuple[float, ...]  # one standard deviation of each offset
    correction: tuple[float, ...]
    suspicion: str | None = None

    @property
    def taken_out(self) -> bool:
        return any(self.correction)
