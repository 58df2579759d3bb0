"""Finding records: by kind, originator, subject, time of storage, words in them, recall; bounded.

The newest come first. One question looks through a bounded part of the log, in short turns beside
the loop. Where that was not enough, the answer says so and from where to go on.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from bongsu.node.control import Body
from bongsu.node.plain_values import plain
from bongsu.node.ports import PlacedRecord, Sought, StoredRecord
from bongsu.node.recalls.recall_book import RecallBook
from bongsu.node.services import Services
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.lane import Lane
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.units import NodeId, UtcNs

MAXIMUM_TURNS: Final = 64
READ_AT_ONCE: Final = 32  # records a turn: 4 ms where each is opened
MAXIMUM_FOUND: Final = 200
EXCERPT: Final = 200  # characters
Words = Annotated[str, Meta(min_length=1, max_length=200)]
Instant = Annotated[int, Meta(ge=0, le=2**63 - 1)]

NOT_BULK: Final = tuple(kind.value for kind in RecordKind if form_of(kind).lane is not Lane.BULK)


class RecordsSought(Body, frozen=True, kw_only=True):
    """What is None is not asked for. `bulk`: track updates and the like, too, if no kind is named.

    `before`: go on where an answer stopped, with its `next`.
    """

    kind: RecordKind | None = None
    originator: Words | None = None
    subject: Words | None = None
    text: Words | None = None
    stored_from: Instant | None = None
    stored_to: Instant | None = None
    recalled: bool | None = None
    bulk: bool = False
    before: Instant | None = None
    limit: Annotated[int, Meta(ge=1, le=MAXIMUM_FOUND)] = 50


class _Turn(NamedTuple):
    found: list[dict[str, object]]
    before: int | None


class RecordSearch:
    """Reads the log; changes nothing. Lives on the node's loop."""

    def __init__(self, services: Services, recalls: RecallBook) -> None:
        self._services = services
        self._recalls = recalls

    async def find(self, asked: RecordsSought) -> object:
        """Records that fit, as plain values; `next` is where to go on, None at the log's beginning.

        `complete`: the log holds no older one, or there is a full page of them.
        """
        services = self._services
        found: list[dict[str, object]] = []
        before = asked.before
        for _ in range(MAXIMUM_TURNS):
            turn = await services.beside(self._turn, asked, before, asked.limit - len(found))
            found += turn.found
            before = turn.before
            if before is None or len(found) >= asked.limit:
                break
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "at": services.clock.utc(),
            "records": found,
            "next": before,
            "complete": before is None or len(found) >= asked.limit,
        }

    def _turn(self, asked: RecordsSought, before: int | None, wanted: int) -> _Turn:
        page = self._services.store.newest_records(
            _sought(asked), before=before, limit=READ_AT_ONCE
        )
        found: list[dict[str, object]] = []
        for placed in page.placed:
            entry = self._fitting(placed.row, asked)
            if entry is not None:
                found.append(entry)
                if len(found) == wanted:
                    return _Turn(found, _older(placed, page.placed, page.before))
        return _Turn(found, page.before)

    def _fitting(self, row: StoredRecord, asked: RecordsSought) -> dict[str, object] | None:
        """A line about the record; None where its words or its recall are not what is asked."""
        is_recalled = self._recalls.of_row(row) is not None
        if asked.recalled not in (None, is_recalled):
            return None
        opened, fault = self._opened(row)
        excerpt = _excerpt(opened, asked.text)
        if asked.text is not None and excerpt is None:
            return None
        fields: Mapping[str, object] = {} if opened is None else opened.fields
        return {
            "record_id": row.record_id.hex(),
            "kind": row.kind,
            "originator": row.originator,
            "own": row.own,
            "subject": row.subject,
            "stored_at": row.stored_at,
            "created_at": None if opened is None else opened.created_at,
            "version": plain(fields.get("version")),
            "action": plain(fields.get("action")),
            "withheld": [] if opened is None else list(opened.withheld),
            "recalled": is_recalled,
            "excerpt": excerpt,
            "fault": fault,
        }

    def _opened(self, row: StoredRecord) -> tuple[OpenedRecord | None, str | None]:
        """What it says, or why that can't be read."""
        if not row.encoded:
            return None, "its content was let go: look in the archive of this log"
        try:
            record = RECORD.decode(row.encoded)
            return open_unverified_record(record, realm=self._services.me.realm), None
        except BongsuError as error:
            return None, f"damaged: {error.what}; run: bongsu verify"


def texts_of(fields: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Every text that stands in a record, with the name of its field."""
    for name, value in fields.items():
        yield from ((name, text) for text in _texts(value))


def _sought(asked: RecordsSought) -> Sought:
    kinds = None if asked.bulk else NOT_BULK
    return Sought(
        kinds=kinds if asked.kind is None else (asked.kind.value,),
        originator=None if asked.originator is None else NodeId(asked.originator),
        subject=asked.subject,
        stored_from=None if asked.stored_from is None else UtcNs(asked.stored_from),
        stored_to=None if asked.stored_to is None else UtcNs(asked.stored_to),
    )


def _older(last: PlacedRecord, page: tuple[PlacedRecord, ...], before: int | None) -> int | None:
    """Where to go on after the last one that was taken of a page."""
    return before if last is page[-1] else last.position


def _excerpt(opened: OpenedRecord | None, sought: str | None) -> dict[str, str] | None:
    """The text in which the words stand, cut around them."""
    if opened is None or sought is None:
        return None
    wanted = sought.casefold()
    for name, text in texts_of(opened.fields):
        at = text.casefold().find(wanted)
        if at >= 0:
            begins = max(0, at - EXCERPT // 2)
            return {"field": name, "text": text[begins : begins + EXCERPT]}
    return None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
