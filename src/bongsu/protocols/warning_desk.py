"""The warning desk: tracks in, launch warnings issued, amended and ended. Sans-IO.

Rules that hold here and nowhere else:

- A confirmed track is warned of at once. Nothing waits for confirmation steps, a first estimate
  of the fall or a partner; late detection is no reason to hold back either.
- One kind of sensor warns, it never confirms. Another kind, own or a partner's, confirms; a
  second nation's own sensor of the same kind corroborates.
- A second object of a launch gets a warning of its own with a caveat: nothing is suppressed.
- An end is *observed* only after a sensor saw the object come down; what was not seen any more
  *expires*, in the words "predicted, not observed".
- A warning is amended when something changed (see `amendment`), at most every two seconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.protocols.amendment import worth_amending
from bongsu.protocols.correlation import same_object
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.launch_warning import (
    Confirmation,
    EndReason,
    LaunchWarning,
    WarningAction,
)
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.track import Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import (
    NationId,
    NodeId,
    RecordId,
    TrackId,
    UtcNs,
    after_seconds,
    seconds_between,
)

AMENDED_AT_MOST_EVERY_S = 2.0
CAME_DOWN_BELOW_M = 30_000.0
CAME_DOWN_WITHIN_S = 60.0  # of the predicted impact, at the last plot
EXPIRES_AFTER_S = 30.0  # after the predicted impact, or three of its sigmas
EXPIRES_UNSEEN_S = 900.0  # a warning without a predicted impact, after its last plot
MAXIMUM_OPEN_WARNINGS = 500
MAXIMUM_PARTNER_WARNINGS = 2_000


@dataclass(frozen=True, slots=True)
class PictureArrived:
    picture: TrackPicture


@dataclass(frozen=True, slots=True)
class PartnerWarningArrived:
    record_id: RecordId
    warning: SeenWarning


@dataclass(frozen=True, slots=True)
class OwnWarningRestored:
    """Read back from our own log after a restart, oldest first."""

    warning: LaunchWarning


@dataclass(frozen=True, slots=True)
class TimePassed:
    pass


Event = PictureArrived | PartnerWarningArrived | OwnWarningRestored | TimePassed


@dataclass(frozen=True, slots=True)
class StateWarning:
    """Make it a record, store it, release it."""

    warning: LaunchWarning


@dataclass(frozen=True, slots=True)
class RefuseTrack:
    """More objects than the desk is bounded to; the node counts and shows it."""

    track_id: TrackId


Effect = StateWarning | RefuseTrack


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWarning:
    stated: LaunchWarning
    came_down: bool = False  # seen low, shortly before the predicted impact


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerWarning:
    record_id: RecordId
    warning: SeenWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningDesk:
    """Everything the desk remembers."""

    node: NodeId
    nation: NationId
    issued: int = 0
    open_warnings: Mapping[TrackId, OpenWarning] = field(default_factory=dict)
    partner_warnings: Mapping[str, PartnerWarning] = field(default_factory=dict)


def step(desk: WarningDesk, event: Event, *, now: UtcNs) -> tuple[WarningDesk, tuple[Effect, ...]]:
    """Take one event; `now` is the time that records state."""
    match event:
        case PictureArrived(picture):
            return _take_picture(desk, picture, now)
        case PartnerWarningArrived(record_id, warning):
            return _end_what_is_over(_remember_partner(desk, record_id, warning), now)
        case OwnWarningRestored(warning):
            return _restore(desk, warning), ()
        case TimePassed():
            return _end_what_is_over(desk, now)
    raise LocalMisuse(f"{event!r} is no event of the desk", remedy="Send one of its event types")


def _take_picture(
    desk: WarningDesk, picture: TrackPicture, now: UtcNs
) -> tuple[WarningDesk, tuple[Effect, ...]]:
    open_warnings = dict(desk.open_warnings)
    in_picture = {track.track_id for track in picture.tracks}
    effects: list[Effect] = []
    for track in picture.tracks:
        if track.status in (TrackStatus.TENTATIVE, TrackStatus.DROPPED):
            continue
        desk = replace(desk, open_warnings=open_warnings)
        known = open_warnings.get(track.track_id) or _adopted(desk, track, in_picture)
        if known is not None:
            open_warnings.pop(known.stated.track_id, None)
            open_warnings[track.track_id] = known = replace(
                known, came_down=known.came_down or _comes_down(track)
            )
        statement = _statement(desk, track, known, now)
        if statement is None:
            continue
        if known is None and len(open_warnings) >= MAXIMUM_OPEN_WARNINGS:
            effects.append(RefuseTrack(track.track_id))
            continue
        if known is None:
            desk = replace(desk, issued=desk.issued + 1)
        open_warnings[track.track_id] = OpenWarning(
            stated=statement,
            came_down=_comes_down(track) or (known is not None and known.came_down),
        )
        effects.append(StateWarning(statement))
    desk, endings = _end_what_is_over(replace(desk, open_warnings=open_warnings), now)
    return desk, (*effects, *endings)


def _statement(
    desk: WarningDesk, track: Track, known: OpenWarning | None, now: UtcNs
) -> LaunchWarning | None:
    """The version to state now, None where there is nothing to say."""
    if known is None:
        first = _described(desk, track, now, warning_id=f"{desk.node}/W{desk.issued + 1:04d}")
        return first if track.status is TrackStatus.OBSERVED else None
    stated = known.stated
    if seconds_between(now, stated.stated_at) < AMENDED_AT_MOST_EVERY_S:
        return None
    amended = replace(
        _described(desk, track, now, warning_id=stated.warning_id),
        version=stated.version + 1,
        action=WarningAction.AMENDED,
    )
    return amended if worth_amending(stated, amended) else None


def _described(desk: WarningDesk, track: Track, now: UtcNs, *, warning_id: str) -> LaunchWarning:
    bare = LaunchWarning(
        warning_id=warning_id,
        version=1,
        action=WarningAction.ISSUED,
        node=desk.node,
        nation=desk.nation,
        track_id=track.track_id,
        stated_at=now,
        first_observed_at=track.first_observed_at,
        data_at=track.last_observed_at,
        track_status=track.status,
        phase=track.phase,
        confirmation=Confirmation.SINGLE_SOURCE,
        sensors=track.sensors,
        sensor_kinds=track.sensor_kinds,
        classification=track.classification,
        launch=track.launch,
        impact=track.impact,
        fan=track.fan,
        flight=track.flight,
    )
    confirmation, behind = _confirmation(desk, bare)
    return replace(
        bare,
        confirmation=confirmation,
        corroborated_by=behind,
        caveats=(*track.caveats, *_same_launch_caveats(desk, bare)),
    )


def _confirmation(
    desk: WarningDesk, warning: LaunchWarning
) -> tuple[Confirmation, tuple[RecordId, ...]]:
    """What stands behind the warning, and the partners' records that it leans on."""
    own_kinds = set(warning.sensor_kinds)
    other_kind: list[RecordId] = []
    same_kind: list[RecordId] = []
    for partner in _partners_on(desk, warning):
        kinds = set(partner.warning.sensor_kinds or ())
        shared = set(partner.warning.sensors or ()) & set(warning.sensors)
        if kinds - own_kinds:
            other_kind.append(partner.record_id)
        elif kinds and not shared:
            same_kind.append(partner.record_id)
    if len(own_kinds) > 1 or other_kind:
        return Confirmation.CONFIRMED, tuple(sorted(other_kind))
    if same_kind:
        return Confirmation.CORROBORATED, tuple(sorted(same_kind))
    return Confirmation.SINGLE_SOURCE, ()


def _partners_on(desk: WarningDesk, warning: LaunchWarning) -> Iterator[PartnerWarning]:
    """Partners' warnings that can be of the same object."""
    for partner in desk.partner_warnings.values():
        if partner.warning.nation != desk.nation and same_object(warning, partner.warning):
            yield partner


def _same_launch_caveats(desk: WarningDesk, warning: LaunchWarning) -> Iterator[str]:
    """An older warning of the same launch: this may be its spent stage, or a second missile."""
    for known in desk.open_warnings.values():
        older = known.stated
        if older.warning_id < warning.warning_id and _one_launch(older, warning):
            yield f"may be a spent stage or second object of the launch of {older.warning_id}"


def _one_launch(older: LaunchWarning, newer: LaunchWarning) -> bool:
    return older.launch is not None and newer.launch is not None and same_object(older, newer)


def _adopted(desk: WarningDesk, track: Track, in_picture: set[TrackId]) -> OpenWarning | None:
    """An open warning whose own track is gone (a tracker that restarted) and fits this one."""
    for track_id, known in desk.open_warnings.items():
        if track_id not in in_picture and same_object(known.stated, track):
            return known
    return None


def _comes_down(track: Track) -> bool:
    if track.status is not TrackStatus.OBSERVED or track.impact is None:
        return False
    _, _, height_m = ecef_to_geodetic(track.position_ecef_m)
    left_s = seconds_between(track.impact.at, track.last_observed_at)
    return float(height_m) < CAME_DOWN_BELOW_M and left_s < CAME_DOWN_WITHIN_S


def _end_what_is_over(
    desk: WarningDesk, now: UtcNs
) -> tuple[WarningDesk, tuple[StateWarning, ...]]:
    still_open: dict[TrackId, OpenWarning] = {}
    ended: list[StateWarning] = []
    for track_id, known in desk.open_warnings.items():
        reason, behind = _why_over(desk, known, now)
        if reason is None:
            still_open[track_id] = known
            continue
        ended.append(
            StateWarning(
                replace(
                    known.stated,
                    version=known.stated.version + 1,
                    action=WarningAction.ENDED,
                    stated_at=now,
                    end_reason=reason,
                    corroborated_by=behind or known.stated.corroborated_by,
                )
            )
        )
    return replace(desk, open_warnings=still_open), tuple(ended)


def _why_over(
    desk: WarningDesk, known: OpenWarning, now: UtcNs
) -> tuple[EndReason | None, tuple[RecordId, ...]]:
    stated = known.stated
    if stated.impact is None:
        unseen = now > after_seconds(stated.data_at, EXPIRES_UNSEEN_S)
        return (EndReason.EXPIRED if unseen else None), ()
    if known.came_down and now >= stated.impact.at:
        return EndReason.OBSERVED, ()
    if now >= stated.impact.at:
        seen = tuple(
            partner.record_id
            for partner in _partners_on(desk, stated)
            if partner.warning.end_reason is EndReason.OBSERVED
        )
        if seen:
            return EndReason.OBSERVED, seen
    grace_s = max(EXPIRES_AFTER_S, 3.0 * stated.impact.sigma_time_s)
    if now > after_seconds(stated.impact.at, grace_s):
        return EndReason.EXPIRED, ()
    return None, ()


def _remember_partner(desk: WarningDesk, record_id: RecordId, warning: SeenWarning) -> WarningDesk:
    if warning.warning_id is None:
        return desk  # its identity is withheld: it can't be followed over its amendments
    known = desk.partner_warnings.get(warning.warning_id)
    if known is not None and (known.warning.version or 0) >= (warning.version or 0):
        return desk  # feeds have no order among each other: an older version came late
    partners = dict(desk.partner_warnings)
    partners.pop(warning.warning_id, None)
    partners[warning.warning_id] = PartnerWarning(record_id=record_id, warning=warning)
    while len(partners) > MAXIMUM_PARTNER_WARNINGS:
        partners.pop(next(iter(partners)))
    return replace(desk, partner_warnings=partners)


def _restore(desk: WarningDesk, warning: LaunchWarning) -> WarningDesk:
    number = int(warning.warning_id.rpartition("/W")[2])
    open_warnings = {
        track_id: known
        for track_id, known in desk.open_warnings.items()
        if known.stated.warning_id != warning.warning_id
    }
    if warning.action is not WarningAction.ENDED:
        open_warnings[warning.track_id] = OpenWarning(stated=warning)
    return replace(desk, issued=max(desk.issued, number), open_warnings=open_warnings)
