"""A warning that has not ended: what was stated of it, and what its newest track says now."""

from dataclasses import dataclass, replace

from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.protocols.amendment import worth_amending
from bongsu.vocabulary.launch_warning import (
    Confirmation,
    EndReason,
    LaunchWarning,
    WarningAction,
)
from bongsu.vocabulary.track import Track, TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, UtcNs, seconds_between

AMENDED_AT_MOST_EVERY_S = 2.0
CAME_DOWN_BELOW_M = 30_000.0
CAME_DOWN_WITHIN_S = 60.0  # of the predicted impact, at the last plot
EXPIRES_AFTER_S = 30.0  # after the predicted impact and the last plot, or three sigmas
EXPIRES_UNSEEN_S = 900.0  # a warning without a predicted impact, after its last plot
LOST_AFTER_S = 30.0  # without a plot: a tracker that fell silent says nothing about its tracks


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWarning:
    """`stated` is the last version sent; `current` what would be said now.

    `last_observed_at` is the newest plot's own time, `seen_at` the time by our clock when it
    came: what is still seen is not over, however our clock was set. `matched` are the ids of
    partners' warnings that are held to be of this object.
    """

    stated: LaunchWarning
    current: LaunchWarning
    last_observed_at: UtcNs
    seen_at: UtcNs
    came_down: bool = False  # seen low, shortly before the predicted impact
    matched: frozenset[str] = frozenset()
    has_news: bool = False  # something changed since it was last weighed

    def is_due(self, now: UtcNs) -> bool:
        """Whether an amendment may go out again; a clock that was set back blocks nothing."""
        return not 0.0 <= seconds_between(now, self.stated.stated_at) < AMENDED_AT_MOST_EVERY_S


def described(
    track: Track, *, node: NodeId, nation: NationId, warning_id: str, now: UtcNs
) -> LaunchWarning:
    """What a track says, as the first version of a warning; stands on nobody else yet."""
    return LaunchWarning(
        warning_id=warning_id,
        version=1,
        action=WarningAction.ISSUED,
        node=node,
        nation=nation,
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
        caveats=track.caveats,
    )


def restored(warning: LaunchWarning) -> OpenWarning:
    """As it stood when it was last stated, after a restart."""
    return OpenWarning(
        stated=warning,
        current=warning,
        last_observed_at=warning.data_at,
        seen_at=warning.stated_at,
    )


def followed(known: OpenWarning, track: Track, *, now: UtcNs) -> OpenWarning:
    """With what its track says now; the track may be another one than before."""
    stated = known.stated
    news = described(
        track, node=stated.node, nation=stated.nation, warning_id=stated.warning_id, now=now
    )
    newer = track.last_observed_at > known.last_observed_at
    return replace(
        known,
        current=news,
        last_observed_at=max(track.last_observed_at, known.last_observed_at),
        seen_at=now if newer else known.seen_at,
        came_down=known.came_down or _comes_down(track),
        has_news=True,
    )


def first(track: Track, warning: LaunchWarning, *, matched: frozenset[str]) -> OpenWarning:
    """Just issued, from `track`."""
    return OpenWarning(
        stated=warning,
        current=warning,
        last_observed_at=track.last_observed_at,
        seen_at=warning.stated_at,
        came_down=_comes_down(track),
        matched=matched,
    )


def lost_if_unseen(known: OpenWarning, *, now: UtcNs) -> OpenWarning:
    """Without plots for long it is predicted, not observed, whoever has stopped saying so."""
    if known.current.track_status is not TrackStatus.OBSERVED:
        return known
    if seconds_between(now, known.seen_at) <= LOST_AFTER_S:
        return known
    predicted = replace(known.current, track_status=TrackStatus.PREDICTED)
    return replace(known, current=predicted, has_news=True)


def beyond(known: OpenWarning, version: int) -> OpenWarning:
    """The same, with what comes next above this version."""
    stated = replace(known.stated, version=max(known.stated.version, version))
    return replace(known, stated=stated)


def amended(known: OpenWarning, news: LaunchWarning, *, now: UtcNs) -> OpenWarning | None:
    """With the next version stated, None where `news` is not worth one."""
    if not worth_amending(known.stated, news):
        return None
    return replace(known, stated=_next_version(known, news, now), has_news=False)


def restated(known: OpenWarning, *, now: UtcNs) -> OpenWarning:
    """With the next version stated, worth an amendment or not: the last one was withdrawn."""
    news = replace(
        known.current,
        confirmation=known.stated.confirmation,
        corroborated_by=known.stated.corroborated_by,
        caveats=known.stated.caveats,
    )
    return replace(known, stated=_next_version(known, news, now), has_news=True)


def _next_version(known: OpenWarning, news: LaunchWarning, now: UtcNs) -> LaunchWarning:
    return replace(
        news,
        version=known.stated.version + 1,
        action=WarningAction.AMENDED,
        stated_at=now,
        data_at=known.last_observed_at,
    )


def ended(known: OpenWarning, reason: EndReason, *, now: UtcNs) -> LaunchWarning:
    """The last version: as last described, standing on what it last stood on."""
    stated, current = known.stated, known.current
    expired = reason is EndReason.EXPIRED
    return replace(
        current,
        version=stated.version + 1,
        action=WarningAction.ENDED,
        stated_at=now,
        data_at=known.last_observed_at,
        track_status=TrackStatus.PREDICTED if expired else current.track_status,
        confirmation=stated.confirmation,
        corroborated_by=stated.corroborated_by,
        caveats=stated.caveats,
        end_reason=reason,
    )


def is_past_impact(known: OpenWarning, *, now: UtcNs) -> bool:
    """Whether the predicted time of impact has passed."""
    impact = known.current.impact
    return impact is not None and now >= impact.at


def is_expired(known: OpenWarning, *, now: UtcNs) -> bool:
    """Whether it should be over by its prediction, and nobody has seen it since."""
    impact = known.current.impact
    unseen_s = seconds_between(now, known.seen_at)
    if impact is None:
        return unseen_s > EXPIRES_UNSEEN_S
    grace_s = min(max(EXPIRES_AFTER_S, 3.0 * impact.sigma_time_s), EXPIRES_UNSEEN_S)
    return unseen_s > EXPIRES_AFTER_S and seconds_between(now, impact.at) > grace_s


def _comes_down(track: Track) -> bool:
    if track.status is not TrackStatus.OBSERVED or track.impact is None:
        return False
    left_s = seconds_between(track.impact.at, track.last_observed_at)
    if left_s >= CAME_DOWN_WITHIN_S:
        return False
    _, _, height_m = ecef_to_geodetic(track.position_ecef_m)
    return float(height_m) < CAME_DOWN_BELOW_M
