"""Does a frame continue the chain that we hold? Gaps, duplicates and forks have names."""

from enum import Enum

from msgspec import Struct

from bongsu.records.feed import Entry
from bongsu.records.frame import OpenedFrame


class Link(Enum):
    """How a frame meets what its reader already holds of the feed."""

    CONTINUES = "continues"  # at least one entry is new, and it follows
    DUPLICATE = "duplicate"  # nothing in it is new
    GAP = "gap"  # something between is missing: ask for it
    FORK = "fork"  # two hashes at one place: keep both as evidence, raise an alarm


class ChainCheck(Struct, frozen=True, kw_only=True):
    """The verdict and, where the frame CONTINUES, what to append: entries and their hashes."""

    link: Link
    entries: tuple[Entry, ...] = ()
    hashes: tuple[bytes, ...] = ()


def check_chain(opened: OpenedFrame, *, after_sequence: int, after_hash: bytes) -> ChainCheck:
    """Compare a frame with its reader's newest place, `after_hash` at `after_sequence`.

    Before anything of a feed is held that is 0 and the genesis hash. A frame may overlap what
    is held: then the hashes at the newest held place must agree. A frame that lies wholly
    before that place is a DUPLICATE; whether its head forks from the past shows by comparing
    it with the stored hash at its sequence.
    """
    entries, hashes = opened.frame.entries, opened.hashes
    first, last = entries[0].sequence, entries[-1].sequence
    if first > after_sequence + 1:
        return ChainCheck(link=Link.GAP)
    if last < after_sequence:
        return ChainCheck(link=Link.DUPLICATE)
    held = after_sequence - first + 1  # of the frame's entries
    meeting = hashes[held - 1] if held else opened.frame.previous
    if meeting != after_hash:
        return ChainCheck(link=Link.FORK)
    if last == after_sequence:
        return ChainCheck(link=Link.DUPLICATE)
    return ChainCheck(link=Link.CONTINUES, entries=entries[held:], hashes=hashes[held:])
