"""A flight as its publishers tell of it: figures with the rounding in which they are written."""

from dataclasses import dataclass

from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.units import UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFlight:
    """One flight of a published list, or one owner's claim of a flight.

    A figure that nobody published is None. Each rounding is half the width of the interval
    that the written figure stands for, in the figure's unit; 0 means exact. `object_class`
    is None where the published class is none of ours; `class_published` keeps its words.
    """

    id: str
    date_utc: str  # as written: year, month, day or minute
    launched_at: UtcNs | None  # None where only the date is known
    site: str
    latitude_rad: float
    longitude_rad: float
    type: str
    object_class: ObjectClass | None
    apogee_m: float | None
    range_m: float | None
    flight_time_s: float | None
    outcome: str
    bearing_rad: float | None  # clockwise from true north, of the launch
    source: str
    class_published: str = ""
    apogee_rounding_m: float = 0.0
    range_rounding_m: float = 0.0
    flight_time_rounding_s: float = 0.0
