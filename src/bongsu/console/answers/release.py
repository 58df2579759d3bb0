"""What a node answers about releases, as the commands that show it read it."""

import msgspec

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs


class OnwardSeen(msgspec.Struct, frozen=True, kw_only=True):
    through: tuple[str, ...]
    reader: str
    fields: tuple[str, ...]
    delay_s: int
    rule: str


class GivenAwaySeen(msgspec.Struct, frozen=True, kw_only=True):
    field: str
    means: str


class ReaderSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What one partner node would get, and what it has."""

    reader: str
    relay: str | None
    fields: tuple[str, ...]
    withheld: tuple[str, ...]
    rule: str
    reason: str
    delay_s: int
    given_away: tuple[GivenAwaySeen, ...]
    onward: tuple[OnwardSeen, ...]
    went: tuple[str, ...] | None
    acknowledged: bool
    waits_until: UtcNs | None
    other_versions: int


class PreviewSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    record_id: str | None
    kind: str
    originator: str
    subject: str | None
    guideline: str | None
    readers: tuple[ReaderSeen, ...]


class FilingSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What would be, or was, stated."""

    stated: dict[str, object]
    preview: PreviewSeen
    record_id: str | None = None


class SentSeen(msgspec.Struct, frozen=True, kw_only=True):
    reader: str
    sequence: int
    fields: tuple[str, ...]
    acknowledged: bool


class VersionSeen(msgspec.Struct, frozen=True, kw_only=True):
    record_id: str
    kind: str
    originator: str
    version: int | None
    action: str | None
    created_at: UtcNs
    recalled: bool


class RecordSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    record_id: str
    kind: str
    originator: str
    created_at: UtcNs
    signed_at: UtcNs
    stored_at: UtcNs
    signature: str
    recalled: str | None
    fields: dict[str, object]
    withheld: tuple[str, ...]
    unknown: tuple[str, ...]
    received_from: tuple[str, ...]
    sent_to: tuple[SentSeen, ...]
    history: tuple[VersionSeen, ...]
