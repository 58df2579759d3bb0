"""Which records are sought, as a condition on rows: the same in every log that is a database.

A question looks through so many places of the log at most, whatever it finds there: the log's
other readers wait no longer than that takes.
"""

from collections.abc import Callable

from bongsu.node.ports import FoundRecords, PlacedRecord, Sought

PLACES_AT_ONCE = 100_000
BEYOND_EVERY_PLACE = 2**63 - 1


def condition(
    sought: Sought, *, mark: Callable[[int], str], first: int, kind: str = "kind"
) -> tuple[str, list[object]]:
    """What follows `WHERE ... `, each part begun with AND, and its values.

    `mark(n)` is the database's sign for its n-th value, of which these begin with `first`;
    `kind` is how the column of that name is said.
    """
    parts: list[str] = []
    values: list[object] = []

    def say(text: str, *said: object) -> None:
        marks = [mark(first + len(values) + at) for at in range(len(said))]
        parts.append(text.format(", ".join(marks)))
        values.extend(said)

    if sought.kinds is not None:
        say(f"{kind} IN ({{}})", *sought.kinds)
    if sought.originator is not None:
        say("originator = {}", sought.originator)
    if sought.subject is not None:
        say("subject = {}", sought.subject)
    if sought.stored_from is not None:
        say("stored_at >= {}", sought.stored_from)
    if sought.stored_to is not None:
        say("stored_at < {}", sought.stored_to)
    return "".join(f" AND {part}" for part in parts), values


def lowest_place(sought: Sought, before: int) -> int:
    """Down to where one question looks; the versions of one thing have an index of their own."""
    return 1 if sought.subject is not None else max(1, before - PLACES_AT_ONCE)


def found(placed: tuple[PlacedRecord, ...], *, lowest: int, limit: int) -> FoundRecords:
    """What came of a question that looked down to `lowest` for `limit` records."""
    reached = placed[-1].position if len(placed) == limit else lowest
    return FoundRecords(placed=placed, before=reached if reached > 1 else None)
