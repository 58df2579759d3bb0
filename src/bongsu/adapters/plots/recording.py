"""What sensors saw, batch by batch, as every reader of plots hands it on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.tracking.array_plots import plot_batch
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import UtcNs

MAXIMUM_PLOTS: Final = 5_000_000
MAXIMUM_BATCHES: Final = 1_000_000

Numbers = NDArray[np.float64]
Instants = NDArray[np.int64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Plots (M) of sensors in batches (B), in the order in which the batches arrived.

    A sensor's components fill the first columns of `plots`; the rest of a row is NaN.
    """

    sensors: tuple[SensorSite, ...]
    sensor: Places  # (B,), index into `sensors`
    sequence: Instants  # (B,), from 1 for each sensor
    observed_ns: Instants  # (B,)
    received_ns: Instants  # (B,), rising
    plots: Numbers  # (M, 3), or (M, 4) with range rates
    first: Places  # (B + 1,), where each batch's plots begin
    truth_enu_m: Numbers | None = None  # (B, objects, 3) as seen from `place`; for scoring only
    notes: tuple[str, ...] = ()  # what a reader of the results has to know of the file

    def __len__(self) -> int:
        return len(self.observed_ns)

    @property
    def place(self) -> SensorSite:
        """From where places are told in a local frame: the first radar, else the first sensor."""
        radars = (site for site in self.sensors if site.kind is SensorKind.RADAR)
        return next(radars, self.sensors[0])

    def __iter__(self) -> Iterator[tuple[PlotBatch, UtcNs]]:
        """Each batch with the instant at which it came in."""
        for number in range(len(self)):
            yield self.batch(number), self.received_at(number)

    def batch(self, number: int) -> PlotBatch:
        """One batch, of the exercise realm: a replay is an exercise."""
        start, end = self.first[number], self.first[number + 1]
        return self.batch_of(number, self.plots[start:end])

    def batch_of(self, number: int, plots: Numbers) -> PlotBatch:
        """Given plots (m, 3 or 4) as if the sensor had seen these in that batch."""
        site = self.sensors[self.sensor[number]]
        return plot_batch(
            site,
            plots[:, : site.components],
            sequence=int(self.sequence[number]),
            observed_at=UtcNs(int(self.observed_ns[number])),
        )

    def received_at(self, number: int) -> UtcNs:
        """When the batch came in; never before the ones in front of it."""
        return UtcNs(int(self.received_ns[number]))


def sequences_of(sensor: Places, sensors: Sequence[SensorSite]) -> Instants:
    """Sequence numbers (B,) of batches by sensor (B,): from 1 for each, in order of arrival."""
    sequence = np.zeros(len(sensor), dtype=np.int64)
    for index in range(len(sensors)):
        own = np.flatnonzero(sensor == index)
        sequence[own] = np.arange(1, len(own) + 1)
    return sequence
