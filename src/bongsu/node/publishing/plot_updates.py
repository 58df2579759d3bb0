"""Plots behind our confirmed tracks as records, while a guideline lets somebody have them."""

from dataclasses import dataclass

from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.statement import Statement
from bongsu.node.services import Services
from bongsu.records.kinds import RecordKind
from bongsu.records.plots_as_records import scan_to_fields
from bongsu.vocabulary.track import TrackPicture


@dataclass(frozen=True, slots=True)
class PlotUpdates:
    """States every scan of a picture once. Lives on the node's loop."""

    services: Services
    publisher: Publisher

    def take(self, picture: TrackPicture) -> None:
        """State what the tracker's scans gave to confirmed tracks since its last picture."""
        if not self.services.agreements.lets_somebody_have(RecordKind.PLOTS):
            return
        for scan in picture.scans:
            for fields in scan_to_fields(scan):
                self.publisher.publish(
                    Statement(
                        kind=RecordKind.PLOTS,
                        fields=fields,
                        created_at=scan.observed_at,
                        stored=lambda _record_id, _stored_at: None,
                    )
                )
