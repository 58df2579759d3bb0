"""Old content that a log may let go: what it was is kept as a hash, and the chain still verifies.

Only bulk records may go (track updates and the like): they fill a disk, and nobody needs them a
month later to correct or recall anything. What bears authority stays: a correction has to find
everyone who had a version, and which fields. An archive holds what was let go, entry by entry;
each is worth as much as the hash that the log kept of it.
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records.encoding import Codec, Wire
from bongsu.records.feed import FIRST_SEQUENCE, Entry, FeedId, content_hash
from bongsu.records.kinds import form_of
from bongsu.records.record import MAXIMUM_RECORD_BYTES, RECORD, STATEMENT
from bongsu.vocabulary.units import UtcNs


class ArchivedEntry(Wire, frozen=True, kw_only=True):
    """One entry with its content, as it stood in the log."""

    feed: FeedId
    sequence: Annotated[int, Meta(ge=FIRST_SEQUENCE, le=2**63 - 1)]
    encoded: Annotated[bytes, Meta(min_length=1, max_length=MAXIMUM_RECORD_BYTES)]


ARCHIVED_ENTRY = Codec(
    ArchivedEntry, maximum_bytes=MAXIMUM_RECORD_BYTES + 256, what="archived entry"
)


def may_be_let_go(encoded: bytes, *, before: UtcNs) -> bool:
    """Whether a stored entry's content is bulk that was signed before that time.

    Raises PeerViolation for bytes that are no record. Content that went already can't go again.
    """
    if not encoded:
        return False
    statement = STATEMENT.decode(RECORD.decode(encoded).statement)
    return not form_of(statement.kind).authority and statement.signed_at < before


def content_hash_of(encoded: bytes, sequence: int) -> bytes:
    """The hash that stays; raises PeerViolation for bytes that are no record."""
    return content_hash(Entry(sequence=sequence, record=RECORD.decode(encoded)))
