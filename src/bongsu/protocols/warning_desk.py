"""The warning desk: tracks in, launch warnings issued, amended and ended. Sans-IO.

Rules that hold here and nowhere else:

- A confirmed track is warned of at once. Nothing waits for confirmation steps, a first estimate
  of the fall or a partner; late detection is no reason to hold back either.
- One kind of sensor warns, it never confirms (see `confirmation`). Another kind, own or a
  partner's, confirms; a second nation's own sensor of the same kind corroborates.
- A second object of a launch gets a warning of its own with a caveat: nothing is suppressed.
- An end is *observed* only after a sensor saw the object come down; what was not seen any more
  *expires*, in the words "predicted, not observed". What is still seen does not expire.
- A warning is amended when something changed (see `amendment`), at most every two seconds.
- While displays disagree about a warning it says no more than unconfirmed, and why (see `dispute`).
- An object whose warning ended is warned of anew as soon as a newer plot of it comes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bongsu.protocols import open_warning, partner_warnings
from bongsu.protocols.adoption import carried_on
from bongsu.protocols.confirmation import matched_with, seen_to_fall
from bongsu.protocols.correlation import one_launch, same_object
from bongsu.protocols.dispute import undisputed, without_dispute
from bongsu.protocols.open_warning import AMENDED_AT_MOST_EVERY_S, OpenWarning
from bongsu.protocols.partner_warnings import (
    MAXIMUM_PARTNER_WARNINGS,
    PartnerWarning,
    PartnerWarnings,
)
from bongsu.protocols.warning_events import (
    DisplaysDisputed,
    Effect,
    Event,
    OwnVersionRecalled,
    OwnWarningRecalled,
    OwnWarningRestored,
    PartnerWarningArrived,
    PartnerWarningsRecalled,
    PictureArrived,
    PlaceLost,
    RefuseTrack,
    StateWarning,
    TimePassed,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning, WarningAction
from bongsu.vocabulary.track import Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, RecordId, TrackId, UtcNs, after_seconds

__all__ = [
    "AMENDED_AT_MOST_EVERY_S",
    "MAXIMUM_ENDED_TRACKS",
    "MAXIMUM_OPEN_WARNINGS",
    "MAXIMUM_PARTNER_WARNINGS",
    "DisplaysDisputed",
    "Effect",
    "Event",
    "OpenWarning",
    "OwnVersionRecalled",
    "OwnWarningRecalled",
    "OwnWarningRestored",
    "PartnerWarning",
    "PartnerWarningArrived",
    "PartnerWarningsRecalled",
    "PictureArrived",
    "PlaceLost",
    "RefuseTrack",
    "StateWarning",
    "TimePassed",
    "WarningDesk",
    "step",
]

MAXIMUM_OPEN_WARNINGS = 500
MAXIMUM_ENDED_TRACKS = 2_000
FIRST_EPOCH = 1
WARNINGS_OF_AN_EPOCH = 10_000  # many more than can be lost between two backups
VERSIONS_OF_AN_EPOCH = 10_000  # of one warning: at one every two seconds, five hours
FALLS_NO_LONGER_THAN_S = 30.0  # plots of an object that was seen to come down
NEVER = UtcNs(2**63 - 1)
SECOND_OBJECT = "may be a spent stage or second object of the launch of"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningDesk:
    """Everything the desk remembers.

    `ended_tracks`: only a plot newer than this makes the track worth a new warning. `disputed`:
    see `DisplaysDisputed`.
    """

    node: NodeId
    nation: NationId
    issued: int = 0
    open_warnings: Mapping[TrackId, OpenWarning] = field(default_factory=dict)
    partner_warnings: Mapping[str, PartnerWarning] = field(default_factory=dict)
    ended_tracks: Mapping[TrackId, UtcNs] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()


def step(desk: WarningDesk, event: Event, *, now: UtcNs) -> tuple[WarningDesk, tuple[Effect, ...]]:
    """Take one event; `now` is the time that records state."""
    match event:
        case TimePassed():  # first: twenty times a second
            return _review(desk, now)
        case PictureArrived(picture):
            desk, issued = _take_picture(desk, picture, now)
            desk, reviewed = _review(desk, now)
            return desk, (*issued, *reviewed)
        case PartnerWarningArrived(record_id, warning, recalled):
            known = partner_warnings.remembered(
                desk.partner_warnings, record_id, warning, now=now, recalled=recalled
            )
            return _review(_with_partner_warnings(desk, known), now)
        case PartnerWarningsRecalled(records, why):
            known = partner_warnings.recalled(desk.partner_warnings, records, reason=why)
            return _review(_with_partner_warnings(desk, known), now)
        case OwnWarningRestored(warning):
            return _restore(desk, warning), ()
        case OwnWarningRecalled(warning_id, reason):
            return _end_recalled(desk, warning_id, reason, now)
        case OwnVersionRecalled(warning_id, version):
            return _restate(desk, warning_id, version, now)
        case PlaceLost(epoch):
            return _leap(desk, epoch), ()
        case DisplaysDisputed(about):
            return _review(_stirred(replace(desk, disputed=about)), now)
    raise LocalMisuse(f"{event!r} is no event of the desk", remedy="Send one of its event types")


def _take_picture(
    desk: WarningDesk, picture: TrackPicture, now: UtcNs
) -> tuple[WarningDesk, tuple[Effect, ...]]:
    live = [track for track in picture.tracks if _is_live(desk, track)]
    carried = carried_on(desk.open_warnings, live)
    open_warnings = dict(desk.open_warnings)
    newcomers: list[Track] = []
    for track in live:
        kept_by = carried.get(track.track_id)
        if kept_by is None:
            newcomers.append(track)
            continue
        known = open_warnings.pop(kept_by)
        open_warnings[track.track_id] = open_warning.followed(known, track, now=now)
    desk = replace(desk, open_warnings=open_warnings)
    effects: list[Effect] = []
    for track in newcomers:
        desk, effect = _issue(desk, track, now)
        effects.append(effect)
    return desk, tuple(effects)


def _is_live(desk: WarningDesk, track: Track) -> bool:
    """Confirmed, and not what is left of an object whose warning has ended."""
    if track.status in (TrackStatus.TENTATIVE, TrackStatus.DROPPED):
        return False
    ended = desk.ended_tracks.get(track.track_id)
    return ended is None or track.last_observed_at > ended


def _issue(desk: WarningDesk, track: Track, now: UtcNs) -> tuple[WarningDesk, Effect]:
    if len(desk.open_warnings) >= MAXIMUM_OPEN_WARNINGS:
        return desk, RefuseTrack(track.track_id)
    number = desk.issued + 1
    warning_id = f"{desk.node}/W{number:04d}"
    bare = open_warning.described(
        track, node=desk.node, nation=desk.nation, warning_id=warning_id, now=now
    )
    matched = matched_with(
        bare, desk.partner_warnings, before=frozenset(), taken=_taken(desk, TrackId(""))
    )
    warning = undisputed(bare, matched, desk.partner_warnings, desk.disputed)
    warning = replace(warning, caveats=(*warning.caveats, *_second_object(desk, warning)))
    opened = open_warning.first(track, warning, matched=matched)
    desk = replace(
        desk, issued=number, open_warnings={**desk.open_warnings, track.track_id: opened}
    )
    return desk, StateWarning(warning)


def _review(desk: WarningDesk, now: UtcNs) -> tuple[WarningDesk, tuple[Effect, ...]]:
    """End what is over; amend what has news, each at most every two seconds."""
    effects: list[Effect] = []
    for track_id, known in tuple(desk.open_warnings.items()):
        reason, behind = _why_over(desk, known, now)
        if reason is not None:
            end = open_warning.ended(known, reason, now=now)
            end = replace(end, corroborated_by=behind or end.corroborated_by)
            desk = _closed(desk, end)
            effects.append(StateWarning(end))
            continue
        reviewed = open_warning.lost_if_unseen(known, now=now)
        if reviewed.has_news and reviewed.is_due(now):
            reviewed = _weighed(desk, reviewed, now)
        if reviewed is not known:
            desk = replace(desk, open_warnings={**desk.open_warnings, track_id: reviewed})
        if reviewed.stated is not known.stated:
            effects.append(StateWarning(reviewed.stated))
    return desk, tuple(effects)


def _weighed(desk: WarningDesk, known: OpenWarning, now: UtcNs) -> OpenWarning:
    """Amended where the news is worth it; either way it is no news any more."""
    matched = matched_with(
        known.current,
        desk.partner_warnings,
        before=known.matched,
        taken=_taken(desk, known.current.track_id),
    )
    now_said = without_dispute(known.current)
    news = undisputed(now_said, matched, desk.partner_warnings, desk.disputed)
    second = [text for text in known.stated.caveats if text.startswith(SECOND_OBJECT)]
    news = replace(news, caveats=(*news.caveats, *(second or _second_object(desk, news))))
    known = replace(known, matched=matched, has_news=False)
    return open_warning.amended(known, news, now=now) or known


def _taken(desk: WarningDesk, by_others_than: TrackId) -> frozenset[str]:
    """Partners' warnings that stand behind other warnings of ours."""
    return frozenset(
        warning_id
        for track_id, known in desk.open_warnings.items()
        if track_id != by_others_than
        for warning_id in known.matched
    )


def _second_object(desk: WarningDesk, warning: LaunchWarning) -> Iterator[str]:
    """The oldest warning of the same launch: this may be its spent stage, or a second missile."""
    number = _number(warning)
    for known in sorted(desk.open_warnings.values(), key=lambda known: _number(known.stated)):
        if _number(known.stated) >= number:
            return
        if one_launch(known.current, warning) or same_object(known.current, warning):
            yield f"{SECOND_OBJECT} {known.stated.warning_id}"
            return


def _why_over(
    desk: WarningDesk, known: OpenWarning, now: UtcNs
) -> tuple[EndReason | None, tuple[RecordId, ...]]:
    if open_warning.is_past_impact(known, now=now):
        behind = seen_to_fall(known.matched, desk.partner_warnings)
        if known.came_down or behind:
            return EndReason.OBSERVED, behind
    return (EndReason.EXPIRED if open_warning.is_expired(known, now=now) else None), ()


def _closed(desk: WarningDesk, end: LaunchWarning) -> WarningDesk:
    """Without the ended warning; its track is remembered, so that it is not warned of again."""
    match end.end_reason:
        case EndReason.OBSERVED:
            until = after_seconds(end.data_at, FALLS_NO_LONGER_THAN_S)
        case EndReason.FALSE | EndReason.WITHDRAWN:
            until = NEVER  # a person said so: only a person warns of this track again
        case _:
            until = end.data_at
    still_open = {
        track_id: known
        for track_id, known in desk.open_warnings.items()
        if known.stated.warning_id != end.warning_id
    }
    tracks = {**desk.ended_tracks, end.track_id: until}
    while len(tracks) > MAXIMUM_ENDED_TRACKS:
        tracks.pop(next(iter(tracks)))
    return replace(desk, open_warnings=still_open, ended_tracks=tracks)


def _with_partner_warnings(desk: WarningDesk, known: PartnerWarnings) -> WarningDesk:
    """Every open warning is weighed anew where partners' warnings changed."""
    if known is desk.partner_warnings:
        return desk
    return _stirred(replace(desk, partner_warnings=known))


def _stirred(desk: WarningDesk) -> WarningDesk:
    stirred = {
        track_id: replace(open_, has_news=True) for track_id, open_ in desk.open_warnings.items()
    }
    return replace(desk, open_warnings=stirred)


def _end_recalled(
    desk: WarningDesk, warning_id: str, reason: EndReason, now: UtcNs
) -> tuple[WarningDesk, tuple[Effect, ...]]:
    """A warning that a person withdrew ends at once; one that has ended already stays as it is."""
    for known in desk.open_warnings.values():
        if known.stated.warning_id == warning_id:
            end = open_warning.ended(known, reason, now=now)
            return _closed(desk, end), (StateWarning(end),)
    return desk, ()


def _restate(
    desk: WarningDesk, warning_id: str, version: int, now: UtcNs
) -> tuple[WarningDesk, tuple[Effect, ...]]:
    """Where the newest version was withdrawn and the warning goes on, say at once what holds."""
    for track_id, known in desk.open_warnings.items():
        stated = known.stated
        if (stated.warning_id, stated.version) == (warning_id, version):
            again = open_warning.restated(known, now=now)
            desk = replace(desk, open_warnings={**desk.open_warnings, track_id: again})
            return desk, (StateWarning(again.stated),)
    return desk, ()


def _restore(desk: WarningDesk, warning: LaunchWarning) -> WarningDesk:
    desk = replace(desk, issued=max(desk.issued, _number(warning)))
    if warning.action is WarningAction.ENDED:
        return _closed(desk, warning)
    others = {
        track_id: known
        for track_id, known in desk.open_warnings.items()
        if known.stated.warning_id != warning.warning_id
    }
    return replace(desk, open_warnings={**others, warning.track_id: open_warning.restored(warning)})


def _leap(desk: WarningDesk, epoch: int) -> WarningDesk:
    """Go on with numbers and versions that the lost part of our log can't have had."""
    version = (epoch - FIRST_EPOCH) * VERSIONS_OF_AN_EPOCH
    return replace(
        desk,
        issued=max(desk.issued, (epoch - FIRST_EPOCH) * WARNINGS_OF_AN_EPOCH),
        open_warnings={
            track_id: open_warning.beyond(known, version)
            for track_id, known in desk.open_warnings.items()
        },
    )


def _number(warning: LaunchWarning) -> int:
    node, _, number = warning.warning_id.rpartition("/W")
    if node != warning.node or not number.isdecimal():
        raise LocalMisuse(
            f"{warning.warning_id!r} is no warning of {warning.node}",
            remedy="Give the desk its own node's warnings only",
        )
    return int(number)
