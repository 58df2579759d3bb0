"""Release previews for people: a table of readers, then the sentences that need words."""

from collections.abc import Iterable

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bongsu.console.answers.release import PreviewSeen, ReaderSeen
from bongsu.console.measures import utc_text
from bongsu.console.safe_text import safe_text
from bongsu.records.guideline_words import delay_in_words


def show_preview(seen: PreviewSeen) -> None:
    """Print who would get what, by which way, and what already went."""
    name = seen.kind if seen.record_id is None else f"{seen.kind} {seen.record_id[:16]}"
    under = seen.guideline or "no guideline in force"
    table = Table(
        title=f"{seen.realm.banner}: {name} of {seen.originator}, from {seen.node}, under {under}",
        title_justify="left",
    )
    for heading in ("reader", "way", "gets", "when", "rule", "has it"):
        table.add_column(heading, overflow="fold")
    for one in seen.readers:
        table.add_row(
            one.reader,
            "direct" if one.relay is None else f"through {one.relay}, sealed",
            _share(one),
            delay_in_words(one.delay_s) if one.fields else "never",
            Text(safe_text(one.rule)),
            _went(one),
        )
    Console().print(table)
    for sentence in _sentences(seen):
        click.echo(sentence)


def _share(one: ReaderSeen) -> str:
    if not one.fields:
        return "nothing"
    if not one.withheld:
        return "everything"
    return f"{len(one.fields)} of {len(one.fields) + len(one.withheld)} fields"


def _went(one: ReaderSeen) -> str:
    if one.went is not None:
        return "yes" if one.acknowledged else "sent"
    if one.waits_until is not None:
        return f"waits until {utc_text(one.waits_until)}"
    return f"{one.other_versions} other versions" if one.other_versions else "no"


def _sentences(seen: PreviewSeen) -> Iterable[str]:
    for one in seen.readers:
        if not one.fields:
            yield f"{one.reader} gets nothing: {safe_text(one.reason)}."
        elif len(one.withheld) > len(one.fields):
            yield f"{one.reader} gets: {', '.join(one.fields)}."
        elif one.withheld:
            yield f"Withheld from {one.reader}: {', '.join(one.withheld)}."
        for leak in one.given_away:
            yield f"Given away: {leak.means}"
        for onward in one.onward:
            yield (
                f"Onward: {onward.reader} can get {', '.join(onward.fields)} through"
                f" {', then '.join(onward.through)}, {delay_in_words(onward.delay_s)}"
                f" ({safe_text(onward.rule)})."
            )
    if seen.readers and not any(one.onward for one in seen.readers):
        yield "Nobody may pass it on."
