"""What a node answers when records are sought in its log."""

import msgspec

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs


class ExcerptSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Where the words that were sought stand."""

    field: str
    text: str


class FoundSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`fault`: why it can't be read, if it can't; `own`: stated by the node that was asked."""

    record_id: str
    kind: str
    originator: str
    own: bool
    subject: str | None
    stored_at: UtcNs
    created_at: UtcNs | None
    version: int | None
    action: str | None
    withheld: tuple[str, ...]
    recalled: bool
    excerpt: ExcerptSeen | None
    fault: str | None


class RecordsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first. `next`: give it as `before` to go on; None where the log begins.

    `complete` is false where the search stopped before it had a full page: older records were
    not looked at yet.
    """

    node: str
    realm: Realm
    at: UtcNs
    records: tuple[FoundSeen, ...]
    next: int | None
    complete: bool
