"""In what two shown pictures differ: what each makes of the same, and which of the two lags. Pure.

A count is held against what its own centre was fed, so that it can be compared although one of the
two is a version ahead. Class and time of launch are compared where both show the very same record.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.shown_picture import Aspect, Difference, ShownPicture, ShownThreat
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

NOT_FED_AFTER_NS = 10 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """One warning on which two centres have different versions; `behind`: the older of the two."""

    behind: int
    since: MonotonicNs


def differences(ours: ShownPicture, theirs: ShownPicture) -> tuple[Difference, ...]:
    """What two displays make differently of the same; nothing of what only one was fed."""
    return (*_counts(ours, theirs), *_threats(ours, theirs))


def _counts(ours: ShownPicture, theirs: ShownPicture) -> Iterator[Difference]:
    """A display that shows more or fewer than it was fed, where the other one does not."""
    if ours.shown_count - ours.fed_count != theirs.shown_count - theirs.fed_count:
        yield Difference(
            aspect=Aspect.COUNT, warning_id=None, ours=_count(ours), theirs=_count(theirs)
        )
    shown_here = {threat.warning_id for threat in ours.threats}
    shown_there = {threat.warning_id for threat in theirs.threats}
    both_fed = {held.warning_id for held in ours.fed} & {held.warning_id for held in theirs.fed}
    for warning_id in sorted(both_fed & (shown_here ^ shown_there)):
        words = ("shown", "not shown")
        here, there = words if warning_id in shown_here else reversed(words)
        yield Difference(aspect=Aspect.COUNT, warning_id=warning_id, ours=here, theirs=there)


def _threats(ours: ShownPicture, theirs: ShownPicture) -> Iterator[Difference]:
    """Class and time of launch, of the very same record."""
    if ours.threats == theirs.threats:
        return
    same = set(ours.fed) & set(theirs.fed)
    versions = {(held.warning_id, held.version) for held in same}
    shown_there = {_version(threat): threat for threat in theirs.threats}
    for mine in ours.threats:
        other = shown_there.get(_version(mine))
        if other is None or _version(mine) not in versions:
            continue
        for aspect, here, there in (
            (Aspect.CLASS, _class(mine), _class(other)),
            (Aspect.TIME, _time(mine), _time(other)),
        ):
            if here != there and aspect not in mine.unsaid | other.unsaid:
                yield Difference(aspect=aspect, warning_id=mine.warning_id, ours=here, theirs=there)


def undecided(
    told: tuple[Difference, ...], ours: ShownPicture, theirs: ShownPicture
) -> Iterator[Difference]:
    """What differed, and can't be compared while the two are at different versions.

    It is not over: that a warning is amended because displays disagree would end it.
    """
    here = {threat.warning_id: threat.version for threat in ours.threats}
    there = {threat.warning_id: threat.version for threat in theirs.threats}
    for difference in told:
        mine, other = here.get(difference.warning_id or ""), there.get(difference.warning_id or "")
        both_show = mine is not None and other is not None
        if difference.aspect in (Aspect.CLASS, Aspect.TIME) and both_show and mine != other:
            yield difference


def lags(
    before: Mapping[str, Lag], ours: ShownPicture, theirs: ShownPicture, now: MonotonicNs
) -> dict[str, Lag]:
    """Since when which warning differs; anew where the one behind has got on."""
    if ours.fed == theirs.fed:
        return {}
    here, there = _by_id(ours), _by_id(theirs)
    found: dict[str, Lag] = {}
    for warning_id in here.keys() | there.keys():
        one, other = here.get(warning_id), there.get(warning_id)
        if one == other:
            continue
        behind = min(held.version if held is not None else 0 for held in (one, other))
        known = before.get(warning_id)
        started = known.since if known is not None and known.behind == behind else now
        found[warning_id] = Lag(behind=behind, since=started)
    return found


def not_fed(
    lagging: Mapping[str, Lag], ours: ShownPicture, theirs: ShownPicture, now: MonotonicNs
) -> Iterator[Difference]:
    """What one of the two has lacked for too long."""
    here, there = _by_id(ours), _by_id(theirs)
    for warning_id, lag in sorted(lagging.items()):
        if now - lag.since >= NOT_FED_AFTER_NS:
            yield Difference(
                aspect=Aspect.INPUT,
                warning_id=warning_id,
                ours=_input(here.get(warning_id)),
                theirs=_input(there.get(warning_id)),
            )


def _by_id(picture: ShownPicture) -> dict[str, HeldWarning]:
    return {held.warning_id: held for held in picture.fed}


def _version(threat: ShownThreat) -> tuple[str, int]:
    return threat.warning_id, threat.version


def _count(picture: ShownPicture) -> str:
    return f"{picture.shown_count} shown of {picture.fed_count} open"


def _class(threat: ShownThreat) -> str:
    return "not stated" if threat.object_class is None else threat.object_class.value


def _time(threat: ShownThreat) -> str:
    return "not stated" if threat.launched_at is None else str(threat.launched_at)


def _input(held: HeldWarning | None) -> str:
    return "not open" if held is None else f"version {held.version}, {held.record_id.hex()[:8]}"
