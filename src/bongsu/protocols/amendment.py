"""When is a new estimate worth an amendment?

When class or kind, phase, status, confirmation or area change, or an estimate moves by more
than one of its stated standard deviations. Everything smaller would teach the watch officer to
look away.
"""

import math

from bongsu.protocols.correlation import distance_m, sigma_m
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Fan,
    ImpactEstimate,
    LaunchEstimate,
    ObjectClass,
)
from bongsu.vocabulary.launch_kind import launch_kind
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.track import Track
from bongsu.vocabulary.units import seconds_between

AREA_CHANGE = 1.5  # the predicted area grew or shrank by this factor along its major axis
FAN_TURN = 0.5  # of the fan's half width
FAN_WAY = 0.25  # of its reach: a footprint goes with its object


def most_probable(classification: tuple[ClassProbability, ...]) -> ObjectClass | None:
    """The class with the highest probability, None where nothing is stated."""
    if not classification:
        return None
    return max(classification, key=lambda stated: stated.probability).object_class


def worth_amending(stated: LaunchWarning, now: LaunchWarning) -> bool:
    """Whether `now` says something that `stated`, the last version sent, did not."""
    return (
        most_probable(stated.classification) is not most_probable(now.classification)
        or launch_kind(stated.classification) is not launch_kind(now.classification)
        or stated.phase is not now.phase
        or stated.track_status is not now.track_status
        or stated.confirmation is not now.confirmation
        or set(stated.sensor_kinds) != set(now.sensor_kinds)
        or set(stated.caveats) != set(now.caveats)
        or _moved(stated.launch, now.launch)
        or _moved(stated.impact, now.impact)
        or _fan_changed(stated.fan, now.fan)
    )


def launch_changed(stated: Track | None, now: Track) -> bool:
    """Whether a track's launch estimate says something that the last one stated did not."""
    return _moved(None if stated is None else stated.launch, now.launch)


def impact_changed(stated: Track | None, now: Track) -> bool:
    """Whether a track's impact point, or the fan in its place, says something new."""
    if stated is None:
        return now.impact is not None or now.fan is not None
    return _moved(stated.impact, now.impact) or _fan_changed(stated.fan, now.fan)


def _moved(
    before: LaunchEstimate | ImpactEstimate | None, now: LaunchEstimate | ImpactEstimate | None
) -> bool:
    if before is None or now is None:
        return before is not now
    factor = now.ellipse.semi_major_m / max(before.ellipse.semi_major_m, 1.0)
    return (
        not 1.0 / AREA_CHANGE < factor < AREA_CHANGE
        or distance_m(before.point, now.point) > sigma_m(before.ellipse)
        or abs(seconds_between(now.at, before.at)) > max(before.sigma_time_s, 1.0)
    )


def _fan_changed(before: Fan | None, fan: Fan | None) -> bool:
    if before is None or fan is None:
        return before is not fan
    apart_rad = abs(math.remainder(before.azimuth_rad - fan.azimuth_rad, math.tau))
    turned = apart_rad > FAN_TURN * before.half_width_rad
    factor = fan.half_width_rad / max(before.half_width_rad, 1e-6)
    gone = distance_m(before.origin, fan.origin) > FAN_WAY * before.maximum_range_m
    return turned or gone or not 1.0 / AREA_CHANGE < factor < AREA_CHANGE
