"""What a node answers when it is asked for tracks: each nation's, and what they say together."""

import msgspec

from bongsu.console.measures import length_km_text, place_text
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.realm import Realm

WITHHELD = "withheld"


class PlaceSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What the state says; None where it is withheld."""

    latitude_rad: float | None
    longitude_rad: float | None
    height_m: float | None
    speed_mps: float | None
    sigma_position_m: float | None

    @property
    def columns(self) -> tuple[str, str, str, str]:
        """Place, height, speed, and one standard deviation along the worst axis."""
        if self.latitude_rad is None or self.longitude_rad is None:
            place = WITHHELD
        else:
            point = GeoPoint(latitude_rad=self.latitude_rad, longitude_rad=self.longitude_rad)
            place = place_text(point, within_m=self.sigma_position_m or 0.0)
        height = WITHHELD if self.height_m is None else f"{length_km_text(self.height_m)} km"
        speed = WITHHELD if self.speed_mps is None else f"{self.speed_mps:,.0f} m/s"
        sigma = self.sigma_position_m
        return place, height, speed, "-" if sigma is None else f"{sigma:,.0f} m"


class TrackSeen(PlaceSeen, frozen=True, kw_only=True):
    node: str
    nation: str
    track_id: str
    status: str | None
    phase: str | None
    data_age_s: float | None
    sensors: tuple[str, ...] | None
    withheld: tuple[str, ...]
    caveats: tuple[str, ...]


class ImpactSeen(msgspec.Struct, frozen=True, kw_only=True):
    latitude_rad: float
    longitude_rad: float
    semi_major_m: float
    semi_minor_m: float
    probability: float
    at: int
    sigma_time_s: float


class FusedSeen(PlaceSeen, frozen=True, kw_only=True):
    at: int
    members: tuple[str, ...]
    sensors: tuple[str, ...]
    sensors_withheld: bool
    impact: ImpactSeen | None


class ObjectSeen(msgspec.Struct, frozen=True, kw_only=True):
    tracks: tuple[TrackSeen, ...]
    fused: FusedSeen | None
    shared_sensors: tuple[str, ...]
    notes: tuple[str, ...]


class TracksSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    at: int
    objects: tuple[ObjectSeen, ...]
