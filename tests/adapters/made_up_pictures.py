"""Pictures of tracks that a tracker made, and tracks with whatever is to be said of them."""

from dataclasses import replace
from functools import cache

from tests.tracking.made_up_arcs import World, arcs, new_tracker

from bongsu.vocabulary.estimates import Ellipse, Fan, GeoPoint, ImpactEstimate, LaunchEstimate
from bongsu.vocabulary.track import Track, TrackPicture
from bongsu.vocabulary.units import after_seconds


@cache
def pictures(scans: int = 30) -> tuple[TrackPicture, ...]:
    """What a tracker says of four objects on their way down, scan by scan."""
    world, tracker, told = World(arcs(4)), new_tracker(), []
    for _ in range(scans):
        batch = world.look()
        tracker.process(batch, now=batch.observed_at)
        told.append(tracker.picture(now=batch.observed_at))
        world.move(1.0)
    return tuple(told)


def a_track() -> Track:
    """The last state of the first track."""
    return pictures()[-1].tracks[0]


def with_impact(longitude_rad: float, latitude_rad: float = 0.6, size_m: float = 50e3) -> Track:
    """A track with an impact area and a launch area there."""
    track = a_track()
    point = GeoPoint(latitude_rad=latitude_rad, longitude_rad=longitude_rad)
    ellipse = Ellipse(semi_major_m=size_m, semi_minor_m=size_m / 4.0, azimuth_rad=1.0)
    return replace(
        track,
        impact=ImpactEstimate(
            point=point, ellipse=ellipse, at=after_seconds(track.at, 300.0), sigma_time_s=2.0
        ),
        launch=LaunchEstimate(
            point=point,
            ellipse=ellipse,
            at=after_seconds(track.at, -100.0),
            sigma_time_s=5.0,
            azimuth_rad=1.0,
            sigma_azimuth_rad=0.1,
        ),
        fan=None,
    )


def with_fan(*, half_width_rad: float = 0.5, nearest_m: float = 100e3) -> Track:
    """A track of which a fan is all that is known."""
    fan = Fan(
        origin=GeoPoint(latitude_rad=0.7, longitude_rad=2.2),
        azimuth_rad=1.5,
        half_width_rad=half_width_rad,
        minimum_range_m=nearest_m,
        maximum_range_m=900e3,
    )
    return replace(a_track(), impact=None, launch=None, fan=fan)


def picture_of(*tracks: Track) -> TrackPicture:
    return TrackPicture(at=a_track().at, tracks=tracks, refused_plots=0, quarantined_plots=0)
