"""Launch and impact estimates of our tracks as records of their own, stated when they change.

They are stated only while a guideline lets somebody have them: for ourselves, warnings and
tracks say the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.statement import Statement
from bongsu.node.services import Services
from bongsu.protocols.amendment import impact_changed, launch_changed
from bongsu.records.estimates_as_records import impact_to_fields, launch_to_fields
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.track import Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, TrackId

ESTIMATES_EVERY_NS = NS_PER_S  # unscaled, per track


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    """One kind of estimate."""

    kind: RecordKind
    changed: Callable[[Track | None, Track], bool]
    fields: Callable[[Track], Mapping[str, object]]


_PRODUCTS = (
    _Product(kind=RecordKind.LAUNCH_ESTIMATE, changed=launch_changed, fields=launch_to_fields),
    _Product(kind=RecordKind.IMPACT_ESTIMATE, changed=impact_changed, fields=impact_to_fields),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """What was last stated of one track, and when."""

    track: Track
    at: MonotonicNs


@dataclass(slots=True)
class EstimateUpdates:
    """Remembers what was stated of each track in the picture. Lives on the node's loop."""

    services: Services
    publisher: Publisher
    _stated: dict[tuple[RecordKind, TrackId], _Stated] = field(default_factory=dict)

    def take(self, picture: TrackPicture) -> None:
        """State what changed, each estimate of each track at most once a second."""
        now = self.services.clock.monotonic()
        tracks = [track for track in picture.tracks if track.status is not TrackStatus.TENTATIVE]
        stated: dict[tuple[RecordKind, TrackId], _Stated] = {}
        for product in _PRODUCTS:
            if not self.services.agreements.lets_somebody_have(product.kind):
                continue
            for track in tracks:
                known = self._stated.get((product.kind, track.track_id))
                if self._is_due(product, known, track, now):
                    self._state(product, track)
                    known = _Stated(track=track, at=now)
                if known is not None:
                    stated[product.kind, track.track_id] = known
        self._stated = stated

    def _is_due(
        self, product: _Product, known: _Stated | None, track: Track, now: MonotonicNs
    ) -> bool:
        if known is None:
            return product.changed(None, track)
        return now - known.at >= ESTIMATES_EVERY_NS and product.changed(known.track, track)

    def _state(self, product: _Product, track: Track) -> None:
        self.publisher.publish(
            Statement(
                kind=product.kind,
                fields=product.fields(track),
                created_at=track.at,
                stored=lambda _record_id, _stored_at: None,
            )
        )
