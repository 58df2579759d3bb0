"""Who speaks for each nation that has several sites. Sans-IO.

Rules:

- A person decides a takeover; no machine does. A site that sees another one of its nation speak
  in its place, since a later moment than its own last word, stands by at once.
- A takeover continues nobody's sequence, feed or warning: the new site states its own.
- Two sites that both speak are shown, and neither is silenced: each may be the one that sees.
  That is so when both say *active* and neither in the other's place, and when a site goes on
  stating warnings after another took its place.
- A site that never said anything speaks, unless it was configured to stand by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bongsu.records.names import nation_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.site import SiteState, SiteStatus
from bongsu.vocabulary.units import NS_PER_S, NationId, NodeId, UtcNs

MAXIMUM_SITES = 256
CLOCKS_DIFFER_NS = 10 * NS_PER_S  # between sites of one nation: not yet a second voice


@dataclass(frozen=True, slots=True)
class StatusStated:
    """Our own, on disk; or read back from the log at the start."""

    status: SiteStatus


@dataclass(frozen=True, slots=True)
class StatusArrived:
    """Another node's, verified as its own."""

    status: SiteStatus


@dataclass(frozen=True, slots=True)
class WarningStated:
    """Another node stated a warning at this moment of its own machine's time."""

    node: NodeId
    at: UtcNs


Event = StatusStated | StatusArrived | WarningStated


@dataclass(frozen=True, slots=True)
class StandBy:
    """Another site speaks in our place: state nothing of our own, and say so."""

    because_of: SiteStatus


@dataclass(frozen=True, slots=True)
class TellStatus:
    """People see who speaks now."""

    status: SiteStatus


@dataclass(frozen=True, slots=True)
class TellTwoSpeak:
    """People see that two sites of one nation speak."""

    nation: NationId
    sites: tuple[NodeId, NodeId]


Effect = StandBy | TellStatus | TellTwoSpeak


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """The newest word of every site, ours included; pairs that people were told of."""

    me: NodeId
    stands_by_at_first: bool = False
    known: Mapping[NodeId, SiteStatus] = field(default_factory=dict)
    told: frozenset[tuple[NodeId, NodeId]] = frozenset()

    @property
    def speaks(self) -> bool:
        """Whether this site states warnings of its own."""
        own = self.known.get(self.me)
        if any(_takes_place_of(word, self.me, own) for word in self.known.values()):
            return False
        return not self.stands_by_at_first if own is None else own.state is SiteState.ACTIVE


def step(state: Sites, event: Event) -> tuple[Sites, tuple[Effect, ...]]:
    """Take one event; an older word of a site changes nothing."""
    match event:
        case StatusStated(status):
            return _noted(state, status)
        case StatusArrived(status):
            return _arrived(state, status)
        case WarningStated(node, at):
            return _told(state, node, _second_voice(state, node, at))
    raise LocalMisuse(f"{event!r} is no event of sites", remedy="Send one of its event types")


def _arrived(state: Sites, status: SiteStatus) -> tuple[Sites, tuple[Effect, ...]]:
    spoke = state.speaks
    state, effects = _noted(state, status)
    return state, (*effects, StandBy(status)) if spoke and not state.speaks else effects


def _noted(state: Sites, status: SiteStatus) -> tuple[Sites, tuple[Effect, ...]]:
    before = state.known.get(status.node)
    if before is not None and status.since <= before.since:
        return state, ()
    if before is None and len(state.known) >= MAXIMUM_SITES:
        return state, ()
    known = {**state.known, status.node: status}
    told = frozenset(pair for pair in state.told if status.node not in pair)
    state = replace(state, known=known, told=told)
    state, effects = _told(state, status.node, _rival(state, status))
    return state, (TellStatus(status), *effects)


def _rival(state: Sites, status: SiteStatus) -> NodeId | None:
    """Another site of the nation that says *active*, where neither replaced the other since."""
    for other in state.known.values():
        if other.node == status.node or other.nation != status.nation:
            continue
        earlier, later = sorted((other, status), key=lambda word: word.since)
        both = {earlier.state, later.state} == {SiteState.ACTIVE}
        if both and later.in_place_of != earlier.node:
            return other.node
    return None


def _second_voice(state: Sites, node: NodeId, at: UtcNs) -> NodeId | None:
    """Who took the place of a site that nevertheless goes on stating warnings."""
    own_word = state.known.get(node)
    for other in state.known.values():
        if _takes_place_of(other, node, own_word) and at > other.since + CLOCKS_DIFFER_NS:
            return other.node
    return None


def _takes_place_of(word: SiteStatus, node: NodeId, own_word: SiteStatus | None) -> bool:
    """Whether `word` puts another site in the place of `node`, after its own last word."""
    replaces = word.state is SiteState.ACTIVE and word.in_place_of == node
    return replaces and (own_word is None or word.since > own_word.since)


def _told(state: Sites, one: NodeId, other: NodeId | None) -> tuple[Sites, tuple[Effect, ...]]:
    """People are told once of each pair, until one of the two says something new."""
    if other is None:
        return state, ()
    pair = (min(one, other), max(one, other))
    if pair in state.told:
        return state, ()
    return replace(state, told=state.told | {pair}), (TellTwoSpeak(nation_of(one), pair),)
