"""Which made-up federation a seed stands for: nations, wires between them, partners, agreements.

What was agreed is a plain table (kind, originator and reader to fields). The guideline's text is
written from that table, and whoever checks releases reads the table and never the text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from bongsu.exercise.draws import Draws
from bongsu.records.kinds import RecordKind, field_names, guided_kinds
from bongsu.vocabulary.units import NationId, NodeId

NATIONS = tuple(NationId(name) for name in ("KR", "US", "JP", "AU", "CA", "PH", "NZ"))
FEWEST_NATIONS = 3
LONGEST_DELAY_S = 20
MOST_PAIRS = 9  # of partners: beyond that a seed only takes longer

Pair = tuple[NodeId, NodeId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a reader sees of an originator's records of one kind, how late, and whether he may
    pass it on."""

    fields: frozenset[str]
    delay_s: int = 0
    onward: bool = False


Agreed = Mapping[tuple[RecordKind, NationId, NationId], Agreement]


class Shape(Enum):
    """How wires run. Who stands between two others is their relay."""

    DIRECT = "direct"  # a wire between every two
    STAR = "star"  # one relay in the middle
    CHAIN = "chain"
    RING = "ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationPlan:
    """`paths` leads from each node to each of its partners, both ends included, both ways."""

    shape: Shape
    nodes: tuple[NodeId, ...]
    partners: Mapping[NodeId, tuple[NodeId, ...]]
    paths: Mapping[Pair, tuple[NodeId, ...]]
    agreed: Agreed
    states_own_time: bool  # as in the live realm; otherwise a scenario's time, never stepped

    @property
    def nations(self) -> tuple[NationId, ...]:
        """One for each node."""
        return tuple(nation_of_node(node) for node in self.nodes)

    def partner_nations(self, nation: NationId) -> tuple[NationId, ...]:
        """Whom this nation's node exchanges with."""
        return tuple(nation_of_node(other) for other in self.partners[NodeId(f"{nation}-1")])

    @property
    def relays(self) -> tuple[NodeId, ...]:
        """Nodes that carry for others."""
        between = {node for path in self.paths.values() for node in path[1:-1]}
        return tuple(node for node in self.nodes if node in between)

    @property
    def wires(self) -> tuple[Pair, ...]:
        """Every hop of every path, each direction once."""
        hops = {hop for path in self.paths.values() for hop in hops_of(path)}
        return tuple(sorted(hops))


def hops_of(path: tuple[NodeId, ...]) -> Iterator[Pair]:
    """The wires of a path, in order."""
    return zip(path, path[1:], strict=False)


def nation_of_node(node: NodeId) -> NationId:
    """The nation that its name begins with."""
    return NationId(node.partition("-")[0])


def plan_federation(seed: int, *, nations: int | None = None) -> FederationPlan:
    """The federation of a seed; `nations` sets their number, 3 to 7, instead of the seed."""
    draws = Draws(seed, "federation")
    # Small ones are as telling as large ones and cost less: they come more often.
    drawn = draws.one_of((3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7))
    names = NATIONS[: nations or drawn]
    nodes = tuple(NodeId(f"{name}-1") for name in names)
    shape = draws.one_of(tuple(Shape))
    wires = _wires(shape, nodes)
    pairs = _partners(draws, nodes, wires)
    states_own_time = draws.whether(0.5)
    return FederationPlan(
        shape=shape,
        nodes=nodes,
        partners={
            node: tuple(other for other in nodes if (node, other) in pairs) for node in nodes
        },
        paths={pair: _path(pair, wires) for pair in sorted(pairs)},
        agreed=_agreed(seed, names, delays=not states_own_time),
        states_own_time=states_own_time,
    )


def guideline_text(plan: FederationPlan) -> bytes:
    """The agreements as a guideline of the exercise realm, to be signed by every party."""
    parties = ", ".join(f'"{name}"' for name in plan.nations)
    lines = ['id = "SIMULATED"', "version = 1", 'realm = "exercise"', f"parties = [{parties}]"]
    lines += ["valid_from = 2020-01-01T00:00:00Z", "", "[fields]"]
    lines += [f"{kind.value} = [{_quoted(field_names(kind))}]" for kind in guided_kinds()]
    for (kind, originator, reader), agreement in plan.agreed.items():
        lines += [
            "",
            "[[rules]]",
            f'name = "{kind.value} of {originator} to {reader}"',
            f'kind = "{kind.value}"',
            f'originators = ["{originator}"]',
            f'readers = ["{reader}"]',
            f"withhold = [{_quoted(field_names(kind) - agreement.fields)}]",
            f"delay_s = {agreement.delay_s}",
            f"onward = {str(agreement.onward).lower()}",
        ]
    return "\n".join([*lines, ""]).encode()


def _quoted(names: frozenset[str]) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))


def _wires(shape: Shape, nodes: tuple[NodeId, ...]) -> frozenset[Pair]:
    match shape:
        case Shape.DIRECT:
            one_way = list(combinations(nodes, 2))
        case Shape.STAR:
            one_way = [(nodes[1], other) for other in nodes if other != nodes[1]]
        case Shape.CHAIN:
            one_way = list(hops_of(nodes))
        case Shape.RING:
            one_way = [*hops_of(nodes), (nodes[-1], nodes[0])]
    return frozenset(one_way) | frozenset((other, one) for one, other in one_way)


def _partners(draws: Draws, nodes: tuple[NodeId, ...], wires: frozenset[Pair]) -> frozenset[Pair]:
    """Neighbours on the wire first, then others by chance; nobody is without a partner."""
    every = list(combinations(nodes, 2))
    neighbours = [pair for pair in every if pair in wires]
    others = [pair for pair in every if pair not in wires]
    first = draws.in_any_order(others)[: MOST_PAIRS // 2]
    chosen = [*first, *draws.in_any_order(neighbours)[: MOST_PAIRS - len(first)]]
    lonely = [node for node in nodes if not any(node in pair for pair in chosen)]
    chosen += [next(pair for pair in every if node in pair) for node in lonely]
    return frozenset(chosen) | frozenset((other, one) for one, other in chosen)


def _path(pair: Pair, wires: frozenset[Pair]) -> tuple[NodeId, ...]:
    """The shortest way along wires; the first by name among equals."""
    start, end = pair
    ways: list[tuple[NodeId, ...]] = [(start,)]
    for way in ways:  # grows while it is walked: breadth first
        if way[-1] == end:
            return way
        ways += [
            (*way, other) for one, other in sorted(wires) if one == way[-1] and other not in way
        ]
    raise ValueError(f"no wire leads from {start} to {end}")


def _agreed(seed: int, names: tuple[NationId, ...], *, delays: bool) -> Agreed:
    """Each agreement by its own chance, so that a new kind changes nothing for the others.

    Delays only where no clock that is set changes what they mean: an exercise's time is never set.
    """
    agreed: dict[tuple[RecordKind, NationId, NationId], Agreement] = {}
    for kind in guided_kinds():
        for originator in names:
            for reader in names:
                draws = Draws(seed, "agreed", kind.value, originator, reader)
                if reader != originator and not draws.whether(0.08):
                    delay_s = draws.whole(1, LONGEST_DELAY_S) if draws.whether(0.2) else 0
                    agreed[kind, originator, reader] = Agreement(
                        fields=_shown(draws, kind),
                        delay_s=delay_s if delays else 0,
                        onward=draws.whether(0.4),
                    )
    return agreed


def _shown(draws: Draws, kind: RecordKind) -> frozenset[str]:
    """Mostly nearly everything; sometimes little, sometimes nothing."""
    fields = tuple(sorted(field_names(kind)))
    most = len(fields) - 1 if draws.whether(0.15) else 5
    return frozenset(fields) - frozenset(draws.some_of(fields, draws.whole(0, most)))
