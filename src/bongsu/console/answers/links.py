"""What a node answers when it is asked how its links are."""

import msgspec

from bongsu.vocabulary.realm import Realm

FIRST_EPOCH = 1
BROKEN = "broken"


class AgreedSeen(msgspec.Struct, frozen=True, kw_only=True):
    latency_ms: float
    completeness: float
    window_s: float


class ContractSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`broken_s`: for how long, where it is broken."""

    verdict: str
    broken_s: float | None
    agreed: AgreedSeen | None


class LaneSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What the partner's receipts say of one feed, over the window; shares of what is known."""

    verdict: str
    receipted: int
    overdue: int
    in_time: float | None
    completeness: float | None
    p50_ms: float | None
    p99_ms: float | None


class DifferenceSeen(msgspec.Struct, frozen=True, kw_only=True):
    """In what our displays and the partner's differ; a time is in nanoseconds of UTC."""

    originator: str
    aspect: str
    warning_id: str | None
    ours: str
    theirs: str


class FeedSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One feed: `to` the partner or `from` it. `last` is the sequence on our disk.

    `missing`: what the partner did not countersign of ours, or what it signed and we lack, and
    since when. `delay_ms`: of the newest record from it, signed by its clock, stored by ours.
    """

    direction: str
    lane: str
    epoch: int
    last: int
    missing: int
    missing_s: float | None
    delay_ms: float | None


class LinkSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`not_acknowledged`: warnings and recalls without a receipt for ten seconds and more."""

    partner: str
    appended: int
    acknowledged: int
    stored: int
    claimed: int
    heard_s_ago: float | None
    epoch_to: int = FIRST_EPOCH
    epoch_from: int = FIRST_EPOCH
    faults: tuple[str, ...]
    contract: ContractSeen
    lanes: dict[str, LaneSeen]
    not_acknowledged: tuple[str, ...]
    displays: tuple[DifferenceSeen, ...] = ()
    speaks: tuple[int, ...] | None = None
    clock_ahead_s: float = 0.0
    feeds: tuple[FeedSeen, ...] = ()

    @property
    def troubles(self) -> tuple[str, ...]:
        """What somebody has to look at, in words; nothing where the link does what it should."""
        return (
            *self.faults,
            *(["its contract is broken"] if self.contract.verdict == BROKEN else []),
            *([f"{len(self.not_acknowledged)} not acknowledged"] if self.not_acknowledged else []),
        )


class LinksSeen(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    links: tuple[LinkSeen, ...]
