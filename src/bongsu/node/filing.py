"""What a person files: launch notices and intelligence reports, checked, previewed, stated.

The person gives the substance; the node gives what it alone knows: its own name before the
thing's, the version, the time of stating.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import msgspec

from bongsu.node.control import Body
from bongsu.node.plain_values import plain
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.releases.release_preview import ReleasePreview
from bongsu.node.services import Services
from bongsu.records.filed_as_records import notice_to_fields, report_to_fields
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.filing import FilingAction, IntelligenceReport, LaunchNotice

FILLED_IN = frozenset({"version", "stated_at"})


class Filed(Body, frozen=True, kw_only=True):
    """What the person states, in the vocabulary's own words and units."""

    kind: RecordKind
    stated: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    """One kind that people file."""

    form: type[Any]
    name: str  # the field with the thing's own name
    period: tuple[str, str]  # the fields with its beginning and end
    to_fields: Callable[[Any], dict[str, object]]


_PRODUCTS = {
    RecordKind.LAUNCH_NOTICE: _Product(
        form=LaunchNotice,
        name="notice_id",
        period=("window_from", "window_to"),
        to_fields=notice_to_fields,
    ),
    RecordKind.INTELLIGENCE_REPORT: _Product(
        form=IntelligenceReport,
        name="report_id",
        period=("observed_from", "observed_to"),
        to_fields=report_to_fields,
    ),
}


class Filing:
    """Carries out on the node's loop; one filing at a time, so that versions have no twins."""

    def __init__(self, services: Services, publisher: Publisher, preview: ReleasePreview) -> None:
        self._services = services
        self._publisher = publisher
        self._preview = preview
        self._one_at_a_time = asyncio.Lock()

    async def preview(self, filed: Filed) -> object:
        """What would be stated, and who would get what of it; nothing is stated."""
        stated = await self._completed(filed)
        return {
            "stated": plain(stated),
            "preview": await self._preview.of_fields(filed.kind, stated),
        }

    async def state(self, filed: Filed) -> object:
        """State it: the record's id once it is on disk, and who gets what of it."""
        async with self._one_at_a_time:
            stated = await self._completed(filed)
            preview = await self._preview.of_fields(filed.kind, stated)
            record_id = await self._publisher.stated(filed.kind, stated)
        return {"record_id": record_id.hex(), "stated": plain(stated), "preview": preview}

    async def _completed(self, filed: Filed) -> dict[str, object]:
        """Every field of the record; LocalMisuse for what its form or its history refuses."""
        product = _PRODUCTS.get(filed.kind)
        if product is None:
            raise LocalMisuse(
                f"a {filed.kind.value} is not for people to file",
                remedy=f"File a {' or '.join(kind.value for kind in _PRODUCTS)}",
            )
        _require_known(product, filed.stated)
        subject = f"{self._services.me.node}/{filed.stated.get(product.name)}"
        last = await self._services.beside(self._last_version, filed.kind, subject)
        version = _next_version(subject, filed.stated.get("action"), last)
        whole = {
            **filed.stated,
            product.name: subject,
            "version": version,
            "stated_at": self._services.clock.utc(),
        }
        try:
            stated = product.to_fields(msgspec.convert(whole, product.form))
        except msgspec.ValidationError as error:
            raise LocalMisuse(
                f"the {filed.kind.value} is refused: {error}", remedy="Mend that field of the file"
            ) from error
        form_of(filed.kind).checked(stated)
        _require_period(product, whole)
        return stated

    def _last_version(self, kind: RecordKind, subject: str) -> Mapping[str, object] | None:
        """The fields of our last version of that name, None where there is none."""
        own = [row for row in self._services.store.records_about(subject) if row.own]
        if not own:
            return None
        if own[-1].kind != kind.value:
            raise LocalMisuse(
                f"{subject} is the name of a {own[-1].kind}", remedy="Give it another name"
            )
        record = RECORD.decode(own[-1].encoded)
        return open_unverified_record(record, realm=self._services.me.realm).fields


def _require_known(product: _Product, stated: Mapping[str, object]) -> None:
    known = {field.name for field in fields(product.form)} - FILLED_IN
    odd = sorted(stated.keys() ^ known)
    if odd:
        raise LocalMisuse(
            f"fields that are missing or unknown: {', '.join(odd)}",
            remedy="Use the same version of Bongsu for the command and the node",
        )


def _next_version(subject: str, action: object, last: Mapping[str, object] | None) -> int:
    """One more than the last version; LocalMisuse where the action doesn't fit what was said."""
    is_first = action == FilingAction.FILED.value
    if last is None:
        if not is_first:
            raise LocalMisuse(
                f"{subject} was never filed", remedy='Say action = "filed" for a first version'
            )
        return 1
    if last["action"] is FilingAction.WITHDRAWN:
        raise LocalMisuse(f"{subject} was withdrawn", remedy="File it anew under another name")
    if is_first:
        raise LocalMisuse(
            f"{subject} is filed already", remedy='Say action = "amended" or "withdrawn"'
        )
    version = last["version"]
    if not isinstance(version, int):
        raise LocalMisuse(f"the log's {subject} has no version", remedy="Run: bongsu verify")
    return version + 1


def _require_period(product: _Product, whole: Mapping[str, Any]) -> None:
    begins, ends = product.period
    if whole[begins] > whole[ends]:
        raise LocalMisuse(f"{begins} is after {ends}", remedy="Exchange the two, or mend one")
