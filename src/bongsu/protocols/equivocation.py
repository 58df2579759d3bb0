"""Does one node tell two partners two stories? Holders compare the ids of what it told them.

A record's id is the same for every reader, whatever is withheld. So each holder of a node's
warnings tells the other holders which id it has under which version, and two ids under one version
are two stories: people are told, and both holders keep both records. Sans-IO.

A partner's word that its id differs proves nothing against the originator: each of the two gives
the other its record, with the originator's signature, and only that proves it.

What is remembered is bounded: the newest versions of each originator, from each partner. So is what
is said: after the first contradictions of one originator the rest is only counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId, RecordId

TOLD_WITHIN_NS = NS_PER_S
TOLD_AT_ONCE = 64
MAXIMUM_VERSIONS = 2_048  # of one originator, as one holder has them
MAXIMUM_TOLD = 32  # contradictions of one originator
MAXIMUM_ORIGINATORS = 64  # of one holder; whoever names more pushes out its own

Version = tuple[str, int]  # warning id and version
Book = Mapping[Version, RecordId]


@dataclass(frozen=True, slots=True)
class WarningHeld:
    """A partner's warning is on our disk; not `is_news` where it was read back from there."""

    originator: NodeId
    held: HeldWarning
    is_news: bool = True


@dataclass(frozen=True, slots=True)
class PartnerHolds:
    """A partner says which warnings of another node it holds."""

    partner: NodeId
    originator: NodeId
    held: tuple[HeldWarning, ...]


@dataclass(frozen=True, slots=True)
class TimePassed:
    pass


Event = WarningHeld | PartnerHolds | TimePassed


@dataclass(frozen=True, slots=True)
class TellHeld:
    """Tell everybody who may know what we hold of this originator's warnings."""

    originator: NodeId
    held: tuple[HeldWarning, ...]


@dataclass(frozen=True, slots=True)
class StoriesDiffer:
    """Two ids under one version: tell people, keep both records, give `partner` ours as proof.

    `partner` is None where the originator told us both itself.
    """

    originator: NodeId
    ours: HeldWarning
    theirs: RecordId
    partner: NodeId | None


Effect = TellHeld | StoriesDiffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`books` by holder (None: ourselves) and originator; `untold` waits to be told."""

    books: Mapping[tuple[NodeId | None, NodeId], Book] = field(default_factory=dict)
    untold: Mapping[NodeId, tuple[HeldWarning, ...]] = field(default_factory=dict)
    tell_at: MonotonicNs | None = None
    contradictions: Mapping[NodeId, int] = field(default_factory=dict)  # by originator

    def contradicts(self, originator: NodeId, held: HeldWarning) -> bool:
        """Whether we have another record than this one under its version."""
        mine = _book(self, None, originator).get(_version(held), held.record_id)
        return mine != held.record_id


def step(
    state: Comparison, event: Event, *, now: MonotonicNs
) -> tuple[Comparison, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case WarningHeld():
            return _bounded(*_held(state, event, now))
        case PartnerHolds():
            return _bounded(*_partner_holds(state, event))
        case TimePassed():
            return _time_passed(state, now)
    raise LocalMisuse(f"{event!r} is no event of a comparison", remedy="Send one of its types")


def _held(
    state: Comparison, event: WarningHeld, now: MonotonicNs
) -> tuple[Comparison, tuple[Effect, ...]]:
    originator, held = event.originator, event.held
    mine = _book(state, None, originator).get(_version(held))
    if mine == held.record_id:
        return state, ()
    if mine is not None:  # the first story stays: it is what was told on
        return state, (
            StoriesDiffer(originator, replace(held, record_id=mine), held.record_id, None),
        )
    state = _written(state, None, originator, held)
    effects = tuple(
        StoriesDiffer(originator, held, theirs, partner)
        for (partner, of), book in state.books.items()
        if partner is not None
        and of == originator
        and (theirs := book.get(_version(held), held.record_id)) != held.record_id
    )
    return (_to_be_told(state, originator, held, now) if event.is_news else state), effects


def _partner_holds(state: Comparison, event: PartnerHolds) -> tuple[Comparison, tuple[Effect, ...]]:
    effects: list[Effect] = []
    mine = _book(state, None, event.originator)
    for held in event.held:
        before = _book(state, event.partner, event.originator).get(_version(held))
        if before == held.record_id:
            continue  # told before, and compared
        state = _written(state, event.partner, event.originator, held)
        ours = mine.get(_version(held), held.record_id)
        if ours != held.record_id:
            differs = replace(held, record_id=ours)
            effects.append(StoriesDiffer(event.originator, differs, held.record_id, event.partner))
    return state, tuple(effects)


def _bounded(
    state: Comparison, effects: tuple[Effect, ...]
) -> tuple[Comparison, tuple[Effect, ...]]:
    """Who contradicts himself without end is not answered without end."""
    counts, said = dict(state.contradictions), []
    for effect in effects:
        if isinstance(effect, StoriesDiffer):
            counts[effect.originator] = counts.get(effect.originator, 0) + 1
            if counts[effect.originator] > MAXIMUM_TOLD:
                continue
        said.append(effect)
    return replace(state, contradictions=counts), tuple(said)


def _to_be_told(
    state: Comparison, originator: NodeId, held: HeldWarning, now: MonotonicNs
) -> Comparison:
    waiting = (*state.untold.get(originator, ()), held)
    due = MonotonicNs(now + TOLD_WITHIN_NS) if state.tell_at is None else state.tell_at
    if len(waiting) >= TOLD_AT_ONCE:
        due = now
    return replace(state, untold={**state.untold, originator: waiting}, tell_at=due)


def _time_passed(state: Comparison, now: MonotonicNs) -> tuple[Comparison, tuple[Effect, ...]]:
    if state.tell_at is None or now < state.tell_at:
        return state, ()
    told = tuple(
        TellHeld(originator, waiting[at : at + TOLD_AT_ONCE])
        for originator, waiting in state.untold.items()
        for at in range(0, len(waiting), TOLD_AT_ONCE)
    )
    return replace(state, untold={}, tell_at=None), told


def _version(held: HeldWarning) -> Version:
    return held.warning_id, held.version


def _book(state: Comparison, holder: NodeId | None, originator: NodeId) -> Book:
    return state.books.get((holder, originator), {})


def _written(
    state: Comparison, holder: NodeId | None, originator: NodeId, held: HeldWarning
) -> Comparison:
    """With this version in the holder's book; its oldest versions, and books, go."""
    book = dict(_book(state, holder, originator))
    book[_version(held)] = held.record_id
    while len(book) > MAXIMUM_VERSIONS:
        del book[next(iter(book))]
    books = {**state.books, (holder, originator): book}
    of_holder = [key for key in books if key[0] == holder]
    if len(of_holder) > MAXIMUM_ORIGINATORS:
        del books[next(key for key in of_holder if key[1] != originator)]
    return replace(state, books=books)
