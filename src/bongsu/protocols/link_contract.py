"""What a feed keeps of what was agreed for its link, measured from signed receipts. Sans-IO.

The time of an entry runs from when it was on our disk until a receipt came, verified, that covers
it, by our monotonic clock: the reader's clock plays no part, and what it claims without a
signature counts for nothing. Entries that were on their way when we started have no known time;
they count once they are overdue.

The contract is kept while 99 of 100 entries of the window are receipted within the agreed time,
and the agreed share of them at all. With few entries nothing is said: one late entry of five is
no 20 percent. Where there is no contract the same is measured and nothing is judged.
"""

import math
from collections.abc import Mapping
from enum import Enum

from msgspec import Struct, field
from msgspec.structs import replace

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

IN_TIME_SHARE = 0.99
ENOUGH_ENTRIES = 20
MAXIMUM_BATCHES = 1_024  # under way; then newcomers count from when the last one was stored
BUCKETS = 60
WINDOW_WITHOUT_CONTRACT_NS = 600 * NS_PER_S
BIN_RATIO = 1.05  # quantiles are told as the upper edge of a bin: at most 5 % too long
SHORTEST_NS = 10_000


class Verdict(Enum):
    KEPT = "kept"
    BROKEN = "broken"
    TOO_FEW = "not enough data"
    NONE = "no contract"


class Agreed(Struct, frozen=True, kw_only=True):
    """What the guideline says of this link."""

    latency_ns: int
    completeness: float
    window_ns: int


class EntriesStored(Struct, frozen=True):
    """Entries through this sequence are on our disk; `at_start`: since before we started."""

    through: int
    at_start: bool = False


class ReceiptVerified(Struct, frozen=True):
    """The reader countersigned its disk through this sequence."""

    through: int


class FeedBegan(Struct, frozen=True):
    """The feed goes on in a new epoch that holds so many entries: they were stored before."""

    through: int


class ContractHolds(Struct, frozen=True):
    """What is agreed from now on; a change begins a new window."""

    agreed: Agreed | None


class TimePassed(Struct, frozen=True):
    pass


Event = EntriesStored | ReceiptVerified | FeedBegan | ContractHolds | TimePassed


class TellBroken(Struct, frozen=True):
    figures: "Figures"


class TellKept(Struct, frozen=True):
    figures: "Figures"


Effect = TellBroken | TellKept


class Figures(Struct, frozen=True, kw_only=True):
    """Of the window; quantiles in nanoseconds of what was receipted, None where nothing was."""

    verdict: Verdict
    since: MonotonicNs | None  # of a broken contract
    receipted: int
    in_time: int
    overdue: int
    p50_ns: int | None
    p99_ns: int | None

    @property
    def known(self) -> int:
        """Entries whose fate is known."""
        return self.receipted + self.overdue


class Batch(Struct, frozen=True, kw_only=True):
    """Entries that were stored together and have no receipt yet."""

    through: int
    count: int
    stored_at: MonotonicNs
    measured: bool


class Bucket(Struct, frozen=True, kw_only=True):
    """What was receipted in one part of the window, by bin of its time."""

    since: MonotonicNs
    bins: Mapping[int, int] = field(default_factory=dict)
    receipted: int = 0
    in_time: int = 0


class LinkContract(Struct, frozen=True, kw_only=True):
    """`through` is the last entry stored; batches and buckets are oldest first."""

    through: int = 0
    agreed: Agreed | None = None
    batches: tuple[Batch, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    broken_since: MonotonicNs | None = None


def step(
    state: LinkContract, event: Event, *, now: MonotonicNs
) -> tuple[LinkContract, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case EntriesStored(through, at_start):
            return _stored(state, through, at_start, now), ()
        case ReceiptVerified(through):
            return _receipted(state, through, now), ()
        case FeedBegan(through):
            return _stored(replace(state, through=0, batches=()), through, True, now), ()
        case ContractHolds(agreed):
            if agreed == state.agreed:
                return state, ()
            return replace(state, agreed=agreed, buckets=(), broken_since=None), ()
        case TimePassed():
            return _judged(_forgotten(state, now), now)
    raise LocalMisuse(f"{event!r} is no event of a contract", remedy="Send one of its event types")


def figures(state: LinkContract, *, now: MonotonicNs) -> Figures:
    """What the window says now."""
    bins: dict[int, int] = {}
    for bucket in state.buckets:
        for at, count in bucket.bins.items():
            bins[at] = bins.get(at, 0) + count
    receipted = sum(bucket.receipted for bucket in state.buckets)
    in_time = sum(bucket.in_time for bucket in state.buckets)
    overdue = sum(batch.count for batch in state.batches if _is_overdue(state, batch, now))
    return Figures(
        verdict=_verdict(state.agreed, receipted, in_time, overdue),
        since=state.broken_since,
        receipted=receipted,
        in_time=in_time,
        overdue=overdue,
        p50_ns=_quantile(bins, 0.50),
        p99_ns=_quantile(bins, 0.99),
    )


def _verdict(agreed: Agreed | None, receipted: int, in_time: int, overdue: int) -> Verdict:
    if agreed is None:
        return Verdict.NONE
    known = receipted + overdue
    if known < ENOUGH_ENTRIES:
        return Verdict.TOO_FEW
    late = known - in_time
    is_in_time = late <= max(1, math.floor((1.0 - IN_TIME_SHARE) * known))
    is_complete = receipted >= agreed.completeness * known
    return Verdict.KEPT if is_in_time and is_complete else Verdict.BROKEN


def _stored(state: LinkContract, through: int, at_start: bool, now: MonotonicNs) -> LinkContract:
    if through <= state.through:
        return state
    count = through - state.through
    state = replace(state, through=through)
    if len(state.batches) >= MAXIMUM_BATCHES:
        *others, last = state.batches
        longer = replace(last, through=through, count=last.count + count)
        return replace(state, batches=(*others, longer))
    batch = Batch(through=through, count=count, stored_at=now, measured=not at_start)
    return replace(state, batches=(*state.batches, batch))


def _receipted(state: LinkContract, through: int, now: MonotonicNs) -> LinkContract:
    left: list[Batch] = []
    for batch in state.batches:
        covered = min(batch.count, max(0, through - (batch.through - batch.count)))
        if covered and batch.measured:
            state = _counted(state, covered, now - batch.stored_at, now)
        if covered < batch.count:
            left.append(replace(batch, count=batch.count - covered))
    return replace(state, batches=tuple(left))


def _counted(state: LinkContract, count: int, took_ns: int, now: MonotonicNs) -> LinkContract:
    buckets = state.buckets
    if not buckets or now - buckets[-1].since >= _window_ns(state) // BUCKETS:
        buckets = (*buckets, Bucket(since=now))
    *others, last = buckets
    at = _bin(took_ns)
    is_in_time = state.agreed is not None and took_ns <= state.agreed.latency_ns
    last = replace(
        last,
        bins={**last.bins, at: last.bins.get(at, 0) + count},
        receipted=last.receipted + count,
        in_time=last.in_time + (count if is_in_time else 0),
    )
    return replace(state, buckets=(*others, last))


def _forgotten(state: LinkContract, now: MonotonicNs) -> LinkContract:
    """Without what is older than the window."""
    if not state.buckets or now - state.buckets[0].since <= _window_ns(state):
        return state
    kept = tuple(one for one in state.buckets if now - one.since <= _window_ns(state))
    return replace(state, buckets=kept)


def _judged(state: LinkContract, now: MonotonicNs) -> tuple[LinkContract, tuple[Effect, ...]]:
    """People are told when it breaks and when it is kept again; with too few nothing changes."""
    if state.agreed is None:
        return state, ()
    seen = figures(state, now=now)
    if seen.verdict is Verdict.BROKEN and state.broken_since is None:
        state = replace(state, broken_since=now)
        return state, (TellBroken(figures(state, now=now)),)
    if seen.verdict is Verdict.KEPT and state.broken_since is not None:
        state = replace(state, broken_since=None)
        return state, (TellKept(figures(state, now=now)),)
    return state, ()


def _is_overdue(state: LinkContract, batch: Batch, now: MonotonicNs) -> bool:
    return state.agreed is not None and now - batch.stored_at > state.agreed.latency_ns


def _window_ns(state: LinkContract) -> int:
    return WINDOW_WITHOUT_CONTRACT_NS if state.agreed is None else state.agreed.window_ns


def _bin(took_ns: int) -> int:
    return max(0, math.ceil(math.log(max(took_ns, SHORTEST_NS) / SHORTEST_NS, BIN_RATIO)))


def _quantile(bins: Mapping[int, int], share: float) -> int | None:
    """The upper edge of the bin in which that share of all is reached."""
    wanted = share * sum(bins.values())
    passed = 0
    for at in sorted(bins):
        passed += bins[at]
        if passed >= wanted:
            return round(SHORTEST_NS * BIN_RATIO**at)
    return None
