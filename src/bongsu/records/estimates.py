"""How estimates cross: the vocabulary's words as arrays, every number bounded and finite.

Each form has the names of the vocabulary's class, in a fixed order, so that
`msgspec.convert(..., from_attributes=True)` turns one into the other, both ways.
"""

import math
from typing import Annotated

from msgspec import Meta

from bongsu.records.encoding import Wire
from bongsu.records.names import Finite, Instant, NotNegative, Probability
from bongsu.vocabulary.estimates import ObjectClass

Latitude = Annotated[float, Meta(ge=-math.pi / 2, le=math.pi / 2)]
Angle = Annotated[float, Meta(ge=-2 * math.pi, le=2 * math.pi)]


class GeoPointForm(Wire, frozen=True, kw_only=True):
    latitude_rad: Latitude
    longitude_rad: Angle


class EllipseForm(Wire, frozen=True, kw_only=True):
    semi_major_m: NotNegative
    semi_minor_m: NotNegative
    azimuth_rad: Angle
    probability: Probability


class LaunchEstimateForm(Wire, frozen=True, kw_only=True):
    point: GeoPointForm
    ellipse: EllipseForm
    at: Instant
    sigma_time_s: NotNegative
    azimuth_rad: Angle
    sigma_azimuth_rad: NotNegative


class ImpactEstimateForm(Wire, frozen=True, kw_only=True):
    point: GeoPointForm
    ellipse: EllipseForm
    at: Instant
    sigma_time_s: NotNegative


class FanForm(Wire, frozen=True, kw_only=True):
    origin: GeoPointForm
    azimuth_rad: Angle
    half_width_rad: NotNegative
    minimum_range_m: NotNegative
    maximum_range_m: NotNegative


class FlightForm(Wire, frozen=True, kw_only=True):
    apogee_m: Finite
    sigma_apogee_m: NotNegative
    range_m: Finite
    sigma_range_m: NotNegative
    flight_time_s: Finite
    sigma_flight_time_s: NotNegative


class ClassProbabilityForm(Wire, frozen=True, kw_only=True):
    object_class: ObjectClass
    probability: Probability


Classification = Annotated[tuple[ClassProbabilityForm, ...], Meta(max_length=8)]
