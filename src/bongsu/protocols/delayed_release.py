"""When a version goes to a reader whose rule says a delay. Pure.

Each version counts from its own storing, so a delayed reader follows the same history later. But
nobody is kept in the dark about an end, and nobody is alarmed by what is over:

- An end, and a recall, never waits for a reader who was shown a version. Amendments that still
  wait for him then are dropped: what is over needs no older news.
- An end that comes before the reader was shown anything waits with the first version. If it says
  *false* or *withdrawn*, neither ever goes: who was not alarmed need not hear that there was
  nothing. Otherwise both go together, in order, when the first one is due: the reader agreed to
  learn of real launches later, not never, and is not shown one as if it still flew.
- What was recalled while it waited is not released.
"""

from enum import Enum

from bongsu.records.version_role import VersionRole


class Course(Enum):
    """What becomes of one version for one reader."""

    NOW = "now"
    WITH_ITS_END = "now, and the end of the thing right behind it"
    LATER = "when its delay is over"
    NEVER = "not at all"


def course(
    role: VersionRole,
    *,
    waits: bool,
    was_shown: bool,
    ended: VersionRole | None,
    was_shown_the_end: bool,
    is_recalled: bool,
) -> Course:
    """Decide for a version that the reader may have.

    `waits`: the delay of the rule now in force is not over. `was_shown`: the reader had an
    earlier version. `ended`: how the thing ended, if this version is not itself the end.
    """
    if is_recalled or was_shown_the_end:
        return Course.NEVER
    if role.is_end:
        return _course_of_end(role, waits=waits, was_shown=was_shown)
    if ended is VersionRole.VOID and not was_shown:
        return Course.NEVER
    if waits:
        return Course.LATER
    return Course.NOW if ended is None or was_shown else Course.WITH_ITS_END


def _course_of_end(role: VersionRole, *, waits: bool, was_shown: bool) -> Course:
    if was_shown or not waits:
        return Course.NOW
    return Course.NEVER if role is VersionRole.VOID else Course.LATER
