"""Launch and impact estimates of a track as records."""

from bongsu.records.cells import cell_20km, cell_100km
from bongsu.vocabulary.track import Track


def launch_to_fields(track: Track) -> dict[str, object]:
    """The fields of a launch-estimate record."""
    launch = track.launch
    return {
        "track_id": track.track_id,
        "at": track.at,
        "first_observed_at": track.first_observed_at,
        "launch": launch,
        "launch_cell_20km": None if launch is None else cell_20km(launch.point),
        "sensors": track.sensors,
        "sensor_kinds": track.sensor_kinds,
        "caveats": track.caveats,
    }


def impact_to_fields(track: Track) -> dict[str, object]:
    """The fields of an impact-estimate record."""
    impact = track.impact
    return {
        "track_id": track.track_id,
        "at": track.at,
        "status": track.status,
        "impact": impact,
        "impact_cell_100km": None if impact is None else cell_100km(impact.point),
        "impact_at": None if impact is None else impact.at,
        "fan": track.fan,
        "flight": track.flight,
        "classification": track.classification,
        "sensors": track.sensors,
        "sensor_kinds": track.sensor_kinds,
        "caveats": track.caveats,
    }
