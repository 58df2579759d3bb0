"""Track updates as records."""

from bongsu.vocabulary.track import Track


def track_to_fields(track: Track) -> dict[str, object]:
    """The fields of a track-update record."""
    return {
        "track_id": track.track_id,
        "at": track.at,
        "first_observed_at": track.first_observed_at,
        "last_observed_at": track.last_observed_at,
        "status": track.status,
        "phase": track.phase,
        "state": track,  # its position, velocity and covariance
        "sensors": track.sensors,
        "sensor_kinds": track.sensor_kinds,
        "classification": track.classification,
        "caveats": track.caveats,
    }
