"""Warnings as they stood at a moment: what was open, and what had just ended. Bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bongsu.node.past.log_places import Moment, records_by
from bongsu.node.past.past_recalls import PastRecalls
from bongsu.node.past.read_once import ReadOnce
from bongsu.node.plain_values import plain
from bongsu.node.ports import PlacedRecord, StoredRecord
from bongsu.node.services import Services
from bongsu.protocols.partner_warnings import KEPT_S
from bongsu.protocols.past_desk import StoredVersion, desk_of
from bongsu.protocols.warning_desk import WarningDesk
from bongsu.records.kinds import RecordKind
from bongsu.records.warnings_as_records import seen_warning
from bongsu.vocabulary.launch_warning import LaunchWarning, WarningAction
from bongsu.vocabulary.seen_warning import SeenWarning, as_stated
from bongsu.vocabulary.units import seconds_between

MAXIMUM_VERSIONS: Final = 4_096  # of our own warnings, and as many of partners'
OVER_FOR_S: Final = 600.0  # so long what is over is named
MAXIMUM_OVER: Final = 100

WARNING: Final = RecordKind.LAUNCH_WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWarnings:
    """`over`: ended or recalled, the newest first; not `complete` where the bound was reached."""

    desk: WarningDesk
    over: tuple[dict[str, Any], ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    row: StoredRecord
    warning: SeenWarning
    recalled: str | None

    @property
    def is_over(self) -> bool:
        return self.recalled is not None or self.warning.action is WarningAction.ENDED


class WarningsOfThePast:
    """Lives on the node's loop; reads beside it, in turns."""

    def __init__(self, services: Services, recalls: PastRecalls) -> None:
        self._services = services
        self._recalls = recalls
        self._read: ReadOnce[SeenWarning] = ReadOnce(seen_warning, services.me.realm)

    async def at(self, moment: Moment) -> PastWarnings:
        """From the log alone."""
        own, own_looked = await self._own(moment)
        partners, looked = await self._partners(moment)
        services = self._services
        desk = await services.beside(_desk, services, own, partners)
        return PastWarnings(
            desk=desk,
            over=_over((*own, *_newest_of_each(partners)), moment),
            complete=own_looked < MAXIMUM_VERSIONS and looked < MAXIMUM_VERSIONS,
        )

    async def _own(self, moment: Moment) -> tuple[list[_Version], int]:
        """The newest version of each of ours; older ones are not even read."""
        newest: dict[str, _Version] = {}
        looked = 0
        async for page in records_by(
            self._services, WARNING, moment, own=True, at_most=MAXIMUM_VERSIONS
        ):
            looked += len(page)
            fresh = {
                one.row.subject: one
                for one in page[::-1]
                if one.row.subject not in newest and one.row.stored_at <= moment.at
            }
            for version in await self._services.beside(self._versions, [*fresh.values()], moment):
                newest.setdefault(str(version.row.subject), version)
        return list(newest.values()), looked

    async def _partners(self, moment: Moment) -> tuple[list[_Version], int]:
        """Every version that the desk may remember, in the order in which they were stored."""
        found: list[_Version] = []
        looked = 0
        async for page in records_by(
            self._services, WARNING, moment, own=False, at_most=MAXIMUM_VERSIONS
        ):
            late = [one for one in page if seconds_between(moment.at, one.row.stored_at) <= KEPT_S]
            known = [placed for placed in late if placed.row.stored_at <= moment.at]
            found += await self._services.beside(self._versions, known, moment)
            if len(late) < len(page):
                break
            looked += len(page)
        return found[::-1], looked

    def _versions(self, page: Sequence[PlacedRecord], moment: Moment) -> list[_Version]:
        found: list[_Version] = []
        for placed in page:
            warning = self._read.of(placed.row)
            if warning is None:
                continue
            recall = self._recalls.of(placed.row, moment)
            why = None if recall is None else recall.reason
            found.append(_Version(row=placed.row, warning=warning, recalled=why))
        return found


def _desk(services: Services, own: list[_Version], partners: list[_Version]) -> WarningDesk:
    stated: list[LaunchWarning] = [as_stated(version.warning) for version in own]
    return desk_of(
        services.me.node,
        services.me.nation,
        own=stated,
        partners=[
            StoredVersion(
                record_id=version.row.record_id,
                warning=version.warning,
                stored_at=version.row.stored_at,
                recalled=version.recalled,
            )
            for version in partners
        ],
    )


def _newest_of_each(partners: Sequence[_Version]) -> list[_Version]:
    """The version of each partner's warning that came last."""
    newest = {one.row.subject or one.row.record_id: one for one in partners}
    return list(newest.values())


def _over(versions: Sequence[_Version], moment: Moment) -> tuple[dict[str, Any], ...]:
    late = [
        version
        for version in versions
        if version.is_over and seconds_between(moment.at, version.row.stored_at) <= OVER_FOR_S
    ]
    late.sort(key=lambda version: version.row.stored_at, reverse=True)
    return tuple(
        {
            "node": version.row.originator,
            "own": version.row.own,
            "record_id": version.row.record_id.hex(),
            "stored_at": version.row.stored_at,
            "recalled": version.recalled,
            "warning": plain(version.warning),
        }
        for version in late[:MAXIMUM_OVER]
    )
