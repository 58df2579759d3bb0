"""Do two centres that were fed the same show the same? Each states its picture; they are compared.

In 1980 the log was the same and what the displays made of it was not. So each centre tells every
other one that may see it what its displays show of an originator's warnings, beside what it was
made from: how many are open, of which class, launched when. Sans-IO. Rules:

- From the same input another result: the displays disagree, at once. A count is held against what
  each centre was fed itself; class and time are compared where both show the same version.
- Another input for longer than ten seconds is told as "not fed the same". That time runs only while
  both links, to the other centre and to the originator, are up and nothing is missing on them, and
  it begins anew whenever the one that lags gets on.
- A difference in class or time is over when the two agree about it at one version, or when one of
  them shows that warning no more.
- A picture that is not stated again for half a minute, and was not empty, is compared no more: who
  disagreed and fell silent holds nothing down for ever.
- People are told once, again when something else differs, and when it is over: each at most once a
  second, so that a partner that says this and that by turns floods nobody.
- Our own picture is stated a second after it changed, with what changed meanwhile; while anything
  is on it again every ten seconds; and after a start once where anything was ever shown, by us or
  to us.

Everything is bounded: pictures by their form, pairs by partners and originators.
"""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from bongsu.protocols.display_differences import (
    Lag,
    differences,
    lags,
    not_fed,
    undecided,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.shown_picture import Aspect, Difference, ShownPicture
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId

STATED_WITHIN_NS = NS_PER_S
STATED_AGAIN_NS = 10 * NS_PER_S
STALE_AFTER_NS = 3 * STATED_AGAIN_NS
TOLD_AT_MOST_EVERY_NS = NS_PER_S
MAXIMUM_PAIRS = 1_024
MAXIMUM_TOLD = 8  # differences of one pair at once; all of them are in dispute

Pair = tuple[NodeId, NodeId]  # partner, originator


class OwnPicture(Struct, frozen=True):
    """What our displays show now; `has_past`: something was shown of that originator before."""

    picture: ShownPicture
    has_past: bool = True


class PartnerPicture(Struct, frozen=True):
    """What a partner says that its displays show; it may be compared."""

    partner: NodeId
    picture: ShownPicture


class RulesChanged(Struct, frozen=True):
    """Another guideline holds: who may compare what begins anew."""


class TimePassed(Struct, frozen=True):
    """`whole`: partners whose link is up and misses nothing."""

    whole: frozenset[NodeId]


Event = OwnPicture | PartnerPicture | RulesChanged | TimePassed


class StatePicture(Struct, frozen=True):
    """Tell it to everybody who may see it."""

    picture: ShownPicture


class DisplaysDisagree(Struct, frozen=True):
    """Tell people, with whom and in what; the first few differences."""

    partner: NodeId
    originator: NodeId
    differences: tuple[Difference, ...]


class DisplaysAgree(Struct, frozen=True):
    """Tell people that it is over; not `compared` where nobody may compare any more."""

    partner: NodeId
    originator: NodeId
    compared: bool = True


Effect = StatePicture | DisplaysDisagree | DisplaysAgree


class Told(Struct, frozen=True, kw_only=True):
    """What people were told of a pair, and when."""

    differences: tuple[Difference, ...]
    at: MonotonicNs


class Seen(NamedTuple):
    """A picture, and when it came or was stated."""

    picture: ShownPicture
    at: MonotonicNs


NO_DISPUTE: frozenset[str] = frozenset()


class Displays(Struct, frozen=True, kw_only=True):
    """Our pictures and our partners', what we stated, what lags, what people were told."""

    me: NodeId
    ours: Mapping[NodeId, ShownPicture] = field(default_factory=dict)
    theirs: Mapping[Pair, Seen] = field(default_factory=dict)
    stated: Mapping[NodeId, Seen] = field(default_factory=dict)
    news_at: Mapping[NodeId, MonotonicNs] = field(default_factory=dict)  # not stated yet
    lags: Mapping[Pair, Mapping[str, Lag]] = field(default_factory=dict)
    told: Mapping[Pair, Told] = field(default_factory=dict)

    @property
    def disputed(self) -> frozenset[str]:
        """Warnings that two displays show differently; an originator's name stands for all of its.

        What only lacks a version is in no dispute: no display is known to be wrong.
        """
        if not self.told:
            return NO_DISPUTE
        return frozenset(
            originator if difference.aspect is Aspect.COUNT else difference.warning_id or originator
            for (_, originator), told in self.told.items()
            for difference in told.differences
            if difference.aspect is not Aspect.INPUT
        )


def step(state: Displays, event: Event, *, now: MonotonicNs) -> tuple[Displays, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case OwnPicture(picture, has_past):
            state = replace(state, ours={**state.ours, picture.originator: picture})
            state, stated = _stated(state, picture, has_past, now)
            state, told = _compared_all(state, picture.originator, now)
            return state, (*stated, *told)
        case PartnerPicture(partner, picture):
            return _partner_shows(state, (partner, picture.originator), picture, now)
        case RulesChanged():
            over = tuple(DisplaysAgree(*pair, compared=False) for pair in state.told)
            return Displays(me=state.me, ours=state.ours), over
        case TimePassed(whole):
            return _time_passed(state, whole, now)
    raise LocalMisuse(f"{event!r} is no event of displays", remedy="Send one of its event types")


def _partner_shows(
    state: Displays, pair: Pair, picture: ShownPicture, now: MonotonicNs
) -> tuple[Displays, tuple[Effect, ...]]:
    if pair not in state.theirs and len(state.theirs) >= MAXIMUM_PAIRS:
        return state, ()
    state = replace(state, theirs={**state.theirs, pair: Seen(picture, now)})
    return _compared(state, pair, now)


def _stated(
    state: Displays, picture: ShownPicture, has_past: bool, now: MonotonicNs
) -> tuple[Displays, tuple[Effect, ...]]:
    """News a second after it came, with what came since; the same again every ten seconds."""
    of = picture.originator
    before, news_at = state.stated.get(of), state.news_at.get(of)
    if _is_news(state, picture, has_past):
        if news_at is None:
            return replace(state, news_at={**state.news_at, of: now}), ()
        if now - news_at < STATED_WITHIN_NS:
            return state, ()
    elif before is None or picture.is_empty or now - before.at < STATED_AGAIN_NS:
        return state, ()
    waiting = {other: since for other, since in state.news_at.items() if other != of}
    stated = {**state.stated, of: Seen(picture, now)}
    return replace(state, stated=stated, news_at=waiting), (StatePicture(picture),)


def _is_news(state: Displays, picture: ShownPicture, has_past: bool) -> bool:
    """The first time also an empty one: who was told more before a restart of ours must know."""
    before = state.stated.get(picture.originator)
    if before is not None:
        return picture != before.picture
    return has_past or any(of == picture.originator for _, of in state.theirs)


def _time_passed(
    state: Displays, whole: frozenset[NodeId], now: MonotonicNs
) -> tuple[Displays, tuple[Effect, ...]]:
    """Lags run only where nothing is missing; what was not stated again is forgotten."""
    stale = {pair for pair, seen in state.theirs.items() if _is_stale(seen, now)}
    doubtful = {pair for pair in state.lags if not whole | {state.me} >= set(pair)}
    if not stale | doubtful:
        return state, ()
    over = tuple(DisplaysAgree(*pair, compared=False) for pair in state.told if pair in stale)
    left = {of: {} if of in doubtful else lag for of, lag in state.lags.items() if of not in stale}
    return replace(
        state,
        theirs={pair: seen for pair, seen in state.theirs.items() if pair not in stale},
        lags=left,
        told={pair: told for pair, told in state.told.items() if pair not in stale},
    ), over


def _is_stale(seen: Seen, now: MonotonicNs) -> bool:
    return not seen.picture.is_empty and now - seen.at >= STALE_AFTER_NS


def _compared_all(
    state: Displays, originator: NodeId, now: MonotonicNs
) -> tuple[Displays, tuple[Effect, ...]]:
    effects: list[Effect] = []
    for pair in tuple(state.theirs):
        if pair[1] == originator:
            state, told = _compared(state, pair, now)
            effects += told
    return state, tuple(effects)


def _compared(state: Displays, pair: Pair, now: MonotonicNs) -> tuple[Displays, tuple[Effect, ...]]:
    """Two pictures as they are now; nothing where one of the two is not known."""
    ours, seen = state.ours.get(pair[1]), state.theirs.get(pair)
    if ours is None or seen is None:
        return state, ()
    theirs = seen.picture
    lagged = state.lags.get(pair, {})
    lagging = lags(lagged, ours, theirs, now)
    if lagging != lagged:
        state = replace(state, lags={**state.lags, pair: lagging})
    before = state.told.get(pair)
    found = (
        *differences(ours, theirs),
        *(() if before is None else undecided(before.differences, ours, theirs)),
        *not_fed(lagging, ours, theirs, now),
    )
    return _told(state, pair, found, now)


def _told(
    state: Displays, pair: Pair, found: tuple[Difference, ...], now: MonotonicNs
) -> tuple[Displays, tuple[Effect, ...]]:
    before = state.told.get(pair)
    if before is None and not found:
        return state, ()
    if before is not None and _about(before.differences) == _about(found):
        newest = Told(differences=found, at=before.at)  # for whoever looks; no news
        return replace(state, told={**state.told, pair: newest}), ()
    if before is not None and now - before.at < TOLD_AT_MOST_EVERY_NS:
        return state, ()
    if not found:
        others = {of: what for of, what in state.told.items() if of != pair}
        return replace(state, told=others), (DisplaysAgree(*pair),)
    told = {**state.told, pair: Told(differences=found, at=now)}
    return replace(state, told=told), (DisplaysDisagree(*pair, found[:MAXIMUM_TOLD]),)


def _about(found: tuple[Difference, ...]) -> frozenset[tuple[Aspect, str | None]]:
    return frozenset((difference.aspect, difference.warning_id) for difference in found)
