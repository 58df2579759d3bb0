"""The keys under which the message engine puts messages, and which lane a message takes.

PREFIX / lane / next node / hops left / sender / reader / channel

The lane comes first, so that a session subscribes to its own lane only and a flood of bulk never
stands before an urgent message. The next node is who takes the message from this link. Whoever
is the reader's neighbour and the next node's client takes an urgent one directly.
"""

from typing import NamedTuple

from bongsu.records.lane import Lane
from bongsu.vocabulary.units import NodeId

MAXIMUM_HOPS = 4
BULK_CHANNELS = frozenset({"bulk", "carry-keys"})  # the others: small, and somebody waits for it
_HOPS = frozenset(str(number) for number in range(1, MAXIMUM_HOPS + 1))
_FIXED_PARTS = 2  # the prefix: "bongsu" and the realm


class Routed(NamedTuple):
    """A message's way, as its key says it: who said so is for access control."""

    lane: Lane
    hops: int
    sender: NodeId
    reader: NodeId
    channel: str

    def key(self, prefix: str, next_node: NodeId) -> str:
        """Where it is put for `next_node`."""
        return (
            f"{prefix}/{self.lane.value}/{next_node}/{self.hops}"
            f"/{self.sender}/{self.reader}/{self.channel}"
        )


def lane_of(channel: str) -> Lane:
    """The lane of a channel."""
    return Lane.BULK if channel in BULK_CHANNELS else Lane.URGENT


def routed(key: str) -> Routed | None:
    """The way that a key says; None for one that no engine of ours would put."""
    parts = key.split("/")[_FIXED_PARTS:]
    if len(parts) != 6:
        return None
    lane, _, hops, sender, reader, channel = parts
    if lane != lane_of(channel).value or hops not in _HOPS:
        return None
    return Routed(lane_of(channel), int(hops), NodeId(sender), NodeId(reader), channel)


def pattern(prefix: str, lane: str, next_node: str, sender: str = "*", reader: str = "*") -> str:
    """A key expression; "*" stands for any one part."""
    return f"{prefix}/{lane}/{next_node}/*/{sender}/{reader}/*"
