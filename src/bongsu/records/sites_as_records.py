"""Site statuses as records, and back."""

from dataclasses import fields

import msgspec

from bongsu.records.names import nation_of
from bongsu.records.opened_record import OpenedRecord
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.site import SiteStatus


def status_to_fields(status: SiteStatus) -> dict[str, object]:
    """The fields of a site-status record."""
    return {field.name: getattr(status, field.name) for field in fields(status)}


def site_status(opened: OpenedRecord) -> SiteStatus:
    """What a node said of itself; PeerViolation for a status of anybody else, or a partial one."""
    try:
        status = msgspec.convert(dict(opened.fields), SiteStatus)
    except msgspec.ValidationError as error:
        raise PeerViolation(
            f"a site status of {opened.originator} is not whole: {error}",
            remedy="Keep it as evidence and ask its originator for it anew",
        ) from error
    if status.node != opened.originator or status.nation != nation_of(status.node):
        raise PeerViolation(
            f"{opened.originator} stated the status of {status.node} of {status.nation}",
            remedy="Keep it as evidence: a node speaks of itself only",
        )
    if status.in_place_of is not None and nation_of(status.in_place_of) != status.nation:
        raise PeerViolation(
            f"{status.node} would speak in place of {status.in_place_of}, another nation's",
            remedy="Keep it as evidence: a site takes the place of its own nation's sites only",
        )
    return status
