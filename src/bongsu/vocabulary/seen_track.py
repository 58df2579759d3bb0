"""A track as one reader sees it: own or a partner's, with what is withheld named."""

from dataclasses import dataclass

from bongsu.vocabulary.estimates import ClassProbability, ImpactEstimate
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, Track, TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, SensorId, TrackId, UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTrack:
    """The fields of `Track` that cross between nations; withheld ones are None and named.

    `covariance` is the upper triangle, row by row, of (position, velocity), ECEF.
    """

    node: NodeId
    nation: NationId
    track_id: TrackId
    at: UtcNs
    last_observed_at: UtcNs | None = None
    status: TrackStatus | None = None
    phase: Phase | None = None
    position_ecef_m: tuple[float, float, float] | None = None
    velocity_ecef_mps: tuple[float, float, float] | None = None
    covariance: tuple[float, ...] | None = None
    sensors: tuple[SensorId, ...] | None = None
    sensor_kinds: tuple[SensorKind, ...] | None = None
    classification: tuple[ClassProbability, ...] | None = None
    caveats: tuple[str, ...] | None = None
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedEstimate:
    """One object as all the estimates of it together say; it stands beside them, never for them.

    `sensors` are all that are known to stand behind it; `unnamed` says that others may. `members`
    are the tracks that went into it.
    """

    at: UtcNs
    position_ecef_m: tuple[float, float, float]
    velocity_ecef_mps: tuple[float, float, float]
    covariance: tuple[float, ...]
    members: tuple[TrackId, ...]
    sensors: tuple[SensorId, ...]
    unnamed: bool
    impact: ImpactEstimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedObject:
    """What is held to be one object: every nation's own track of it, and what they say together.

    `fused` is None where a single track, or none with what it takes, speaks of it. `notes` say
    how they were put together, and why one was not.
    """

    tracks: tuple[SeenTrack, ...]
    fused: FusedEstimate | None
    notes: tuple[str, ...] = ()


def whole_track(track: Track, *, node: NodeId, nation: NationId) -> SeenTrack:
    """A track as its own nation sees it: nothing withheld."""
    return SeenTrack(
        node=node,
        nation=nation,
        track_id=track.track_id,
        at=track.at,
        last_observed_at=track.last_observed_at,
        status=track.status,
        phase=track.phase,
        position_ecef_m=track.position_ecef_m,
        velocity_ecef_mps=track.velocity_ecef_mps,
        covariance=track.covariance,
        sensors=track.sensors,
        sensor_kinds=track.sensor_kinds,
        classification=track.classification,
        caveats=track.caveats,
    )
