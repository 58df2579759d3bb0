"""What is shown of each originator's warnings, and what it is made from. Pure.

The newest version of every warning is kept, by its version and never by when it came, so that
two centres that were fed the same records show the same, whatever the order of arrival. What is
open and was stated within the hour is a threat on the display; older ones nobody amends any more.

The renderer is handed in. What it is given stands in the picture beside what it made of it, so
that a display that is wrong is told from one that lacks something.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bongsu.protocols.amendment import most_probable
from bongsu.protocols.partner_warnings import is_newer
from bongsu.records.display_kinds import MAXIMUM_ROWS
from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.launch_warning import WarningAction
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.shown_picture import Aspect, ShownPicture, ShownThreat
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs, seconds_between

MAXIMUM_WARNINGS = 256  # of one originator
SHOWN_FOR_S = 3_600.0  # after its newest version was stated


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedWarning:
    """The newest version of a warning that is here; `recalled`: its originator withdrew it."""

    record_id: RecordId
    warning: SeenWarning
    recalled: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it speaks of something that may still fly."""
        return not self.recalled and self.warning.action is not WarningAction.ENDED


Book = Mapping[str, BookedWarning]  # of one originator, by warning id
Render = Callable[[Iterable[BookedWarning]], tuple[ShownThreat, ...]]


def booked(
    book: Book, record_id: RecordId, warning: SeenWarning, *, originator: NodeId, recalled: bool
) -> Book:
    """`book` with this version in it, unless a newer one is or it can't be told whose it is.

    The version that is there already may come again with more of its fields open.
    """
    warning_id = warning.warning_id
    if warning_id is None or not warning_id.startswith(f"{originator}/"):
        return book
    if warning.version is None or warning.action is None or warning.stated_at is None:
        return book
    before = book.get(warning_id)
    known_again = before is not None and before.record_id == record_id
    if before is not None and not known_again and not is_newer(warning, before.warning):
        return book
    entry = BookedWarning(record_id=record_id, warning=warning, recalled=recalled)
    with_it = {**book, warning_id: entry}
    if len(with_it) > MAXIMUM_WARNINGS:
        del with_it[_least_wanted(with_it)]
    return with_it


def withdrawn(book: Book, records: frozenset[RecordId]) -> Book:
    """`book` with those marked whose newest version is one of these records."""
    marked = {
        warning_id: replace(entry, recalled=True)
        for warning_id, entry in book.items()
        if entry.record_id in records and not entry.recalled
    }
    return {**book, **marked} if marked else book


def picture_of(book: Book, *, originator: NodeId, now: UtcNs, render: Render) -> ShownPicture:
    """What is shown at `now`, beside what it is made from."""
    of_late = [entry for entry in book.values() if _is_of_late(entry, now)]
    fed = sorted(
        (_held(entry) for entry in of_late if entry.is_open), key=lambda held: held.warning_id
    )
    shown = render(of_late)
    own = {one.warning_id: one for one in shown if one.warning_id.startswith(f"{originator}/")}
    rows = [own[warning_id] for warning_id in sorted(own)]
    return ShownPicture(
        originator=originator,
        fed=tuple(fed[-MAXIMUM_ROWS:]),
        fed_count=len(fed),
        threats=tuple(rows[-MAXIMUM_ROWS:]),
        shown_count=len(shown),  # whatever a display that is wrong shows twice, or of its own
    )


def shown_threats(warnings: Iterable[BookedWarning]) -> tuple[ShownThreat, ...]:
    """The renderer: every open warning with its most likely class and its time of launch."""
    return tuple(_threat(entry.warning) for entry in warnings if entry.is_open)


def said_to(picture: ShownPicture, unsaid: frozenset[Aspect]) -> ShownPicture:
    """The picture without what its reader may not see of the originator."""
    if not unsaid:
        return picture
    return replace(picture, threats=tuple(_without(one, unsaid) for one in picture.threats))


def _threat(warning: SeenWarning) -> ShownThreat:
    closed = {Aspect.CLASS: "classification", Aspect.TIME: "launch"}
    launch = warning.launch
    return ShownThreat(
        warning_id=warning.warning_id or "",
        version=warning.version or 0,
        object_class=most_probable(warning.classification or ()),
        launched_at=None if launch is None else launch.at,
        unsaid=frozenset(aspect for aspect, name in closed.items() if warning.is_withheld(name)),
    )


def _without(threat: ShownThreat, unsaid: frozenset[Aspect]) -> ShownThreat:
    return replace(
        threat,
        object_class=None if Aspect.CLASS in unsaid else threat.object_class,
        launched_at=None if Aspect.TIME in unsaid else threat.launched_at,
        unsaid=threat.unsaid | unsaid,
    )


def _held(entry: BookedWarning) -> HeldWarning:
    warning = entry.warning
    return HeldWarning(
        warning_id=warning.warning_id or "",
        version=warning.version or 0,
        record_id=entry.record_id,
    )


def _is_of_late(entry: BookedWarning, now: UtcNs) -> bool:
    stated_at = entry.warning.stated_at
    return stated_at is not None and seconds_between(now, stated_at) <= SHOWN_FOR_S


def _least_wanted(book: Book) -> str:
    """What is over goes first, then what was stated longest ago: whatever came first here."""
    return min(
        book,
        key=lambda warning_id: (
            book[warning_id].is_open,
            book[warning_id].warning.stated_at or 0,
            warning_id,
        ),
    )
