"""A node's log in PostgreSQL, for verification. Implements `records.log_rows.Log`."""

from collections.abc import Iterator

from bongsu.adapters.stores.feed_columns import feed_columns
from bongsu.adapters.stores.postgres_connection import Database, Reading
from bongsu.adapters.stores.postgres_reader import PostgresReader
from bongsu.adapters.stores.sqlite_log import EntryRow
from bongsu.node.ports import StoredHead, StoredReceipt, StoredRecord
from bongsu.records.feed import FeedId
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId


class PostgresLog:
    """Rows as they are stored, at one instant, also while the node goes on writing."""

    def __init__(self, url: str, *, node: NodeId, realm: Realm) -> None:
        """Open the log; LocalMisuse where it is missing or another node's, else Unavailable."""
        self._reading = Reading(Database(url, node=node, realm=realm))
        try:
            self._reading.open()
            self._reading.read(
                lambda connection: connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            )
        except BaseException:
            self.close()
            raise
        self._reader = PostgresReader(self._reading)

    def damages(self) -> tuple[str, ...]:
        """The server checks its own files; what it finds wrong it says when it reads them."""
        return ()

    def records(self) -> Iterator[StoredRecord]:
        """Every record, in the order in which they were stored."""
        return self._reader.all_records()

    def feeds(self) -> Iterator[FeedId]:
        """Every feed of which there is an entry, a head or a receipt."""
        tables = ("entries", "heads", "receipts")
        found = {feed for table in tables for feed in self._reader.feeds(table)}
        yield from sorted(found, key=feed_columns)

    def entries(self, feed: FeedId) -> Iterator[EntryRow]:
        """Entries of one feed in order."""
        for entry in self._reader.all_entries(feed):
            kept = None if entry.encoded else self._reader.content_hash(feed, entry.sequence)
            yield EntryRow(
                sequence=entry.sequence,
                record_id=entry.record_id,
                encoded=entry.encoded,
                entry_hash=entry.entry_hash,
                content_hash=kept,
            )

    def heads(self, feed: FeedId) -> Iterator[StoredHead]:
        """Signed heads of one feed in order."""
        return (
            StoredHead(feed=feed, sequence=sequence, encoded=encoded)
            for sequence, encoded in self._reader.signed("heads", feed)
        )

    def receipts(self, feed: FeedId) -> Iterator[StoredReceipt]:
        """Signed receipts of one feed in order."""
        return (
            StoredReceipt(feed=feed, sequence=sequence, encoded=encoded)
            for sequence, encoded in self._reader.signed("receipts", feed)
        )

    def record(self, record_id: RecordId) -> bytes | None:
        """The encoded record of that id."""
        found = self._reader.record(record_id)
        return None if found is None else found.encoded

    def copies(self, record_id: RecordId) -> Iterator[bytes]:
        """Encoded projections of that record in feeds; for damaged records only, it scans."""
        return (row.encoded for row in self._reader.entries_of(record_id))

    def close(self) -> None:
        self._reading.close()
        self._reading.database.close()
