"""The two feeds from one node to another: what is urgent never waits behind what is much.

A feed is a chain, so an entry cannot be taken before all that precede it. After a cut a million
track updates may wait; a warning that had to queue behind them would come half a minute late.
Records that bear authority therefore have a feed of their own.
"""

from enum import Enum


class Lane(Enum):
    """Which of the two feeds; each has its own chain, heads and receipts."""

    URGENT = "urgent"
    BULK = "bulk"

    __hash__ = object.__hash__  # as members are compared; `Enum` hashes their names, in Python
