"""A stored log as verification reads it: rows of plain values, whatever the store."""

from collections.abc import Iterable
from typing import Protocol

from bongsu.records.feed import FeedId
from bongsu.vocabulary.units import RecordId


class LoggedRecord(Protocol):
    @property
    def record_id(self) -> RecordId: ...

    @property
    def own(self) -> bool: ...

    @property
    def encoded(self) -> bytes: ...


class LoggedEntry(Protocol):
    @property
    def sequence(self) -> int: ...

    @property
    def record_id(self) -> RecordId: ...

    @property
    def encoded(self) -> bytes: ...

    @property
    def entry_hash(self) -> bytes: ...

    @property
    def content_hash(self) -> bytes | None:
        """Where the content was let go: what the chain covers of it."""
        ...


class LoggedHead(Protocol):
    """A signed head, or a signed receipt."""

    @property
    def sequence(self) -> int: ...

    @property
    def encoded(self) -> bytes: ...


class Log(Protocol):
    """A stored log, read row by row."""

    def records(self) -> Iterable[LoggedRecord]: ...

    def feeds(self) -> Iterable[FeedId]: ...

    def entries(self, feed: FeedId) -> Iterable[LoggedEntry]: ...

    def heads(self, feed: FeedId) -> Iterable[LoggedHead]: ...

    def receipts(self, feed: FeedId) -> Iterable[LoggedHead]: ...

    def record(self, record_id: RecordId) -> bytes | None:
        """The encoded record of that id in the list of records."""
        ...

    def copies(self, record_id: RecordId) -> Iterable[bytes]:
        """Encoded projections of it in feeds."""
        ...
