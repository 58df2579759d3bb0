"""Track updates as records, and back as their reader sees them."""

from dataclasses import fields

import msgspec

from bongsu.records.kinds import RecordKind
from bongsu.records.names import nation_of
from bongsu.records.opened_record import OpenedRecord
from bongsu.records.warning_kinds import StateForm
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.seen_track import SeenTrack
from bongsu.vocabulary.track import Track

STATE = ("position_ecef_m", "velocity_ecef_mps", "covariance")
_SEEN = frozenset(field.name for field in fields(SeenTrack))


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


def seen_track(opened: OpenedRecord) -> SeenTrack:
    """The track with its withheld fields named.

    Raises PeerViolation for a record of another kind, or one without its track's name.
    """
    if opened.kind is not RecordKind.TRACK_UPDATE or "track_id" not in opened.fields:
        raise PeerViolation(
            f"a {opened.kind.value} that names no track was taken for a track update",
            remedy="Read each record by its kind; which track an update is of must be open",
        )
    known: dict[str, object] = {
        name: value for name, value in opened.fields.items() if name in _SEEN
    }
    state = opened.fields.get("state")
    if isinstance(state, StateForm):
        known |= {name: getattr(state, name) for name in STATE}
    known.setdefault("at", opened.created_at)
    return msgspec.convert(
        {
            **known,
            "node": opened.originator,
            "nation": nation_of(opened.originator),
            "withheld": opened.withheld,
        },
        SeenTrack,
        from_attributes=True,
    )
