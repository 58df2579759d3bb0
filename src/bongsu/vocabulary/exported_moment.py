"""One moment as it leaves for others' maps: warning areas and tracks, and nothing to aim with."""

from dataclasses import dataclass

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NodeId, UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTrack:
    """Where a nation's track stands; None where that is withheld."""

    node: str
    track_id: str
    status: str | None
    latitude_rad: float | None
    longitude_rad: float | None
    height_m: float | None
    withheld: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedMoment:
    """`is_replay`: somebody asked for that moment; otherwise it was the present."""

    node: str
    realm: Realm
    at: UtcNs
    is_replay: bool
    warnings: tuple[tuple[NodeId, SeenWarning], ...]
    tracks: tuple[ExportedTrack, ...]

    @property
    def mark(self) -> str:
        """What stands first wherever it is named."""
        return f"{self.realm.banner} REPLAY" if self.is_replay else self.realm.banner
