"""What a node answers when it is asked what its log takes."""

import msgspec

from bongsu.vocabulary.realm import Realm


class DiskSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    bytes_used: int
    bytes_free: int | None
    bytes_a_day: float | None
    days_left: float | None
    low: bool
