"""Who would get what of a record, by which hop and rule, and what would be given away."""

from collections.abc import Iterator

from bongsu.console.answers.release import OnwardSeen, PreviewSeen, ReaderSeen
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, say
from bongsu.console.measures import utc_text
from bongsu.console.web.page_parts import table
from bongsu.vocabulary.errors import BongsuError

COLUMNS = ("reader", "way", "gets", "kept", "when", "rule", "has")


def release_part(language: Language, preview: PreviewSeen | BongsuError) -> Html:
    """A table of readers, then what needs a sentence; or why the guideline doesn't speak of it."""
    if isinstance(preview, BongsuError):
        words = say(language, "record.no_preview", what=preview.what, remedy=preview.remedy)
        return element("p", words, id="release")
    under = preview.guideline or say(language, "record.no_guideline")
    caption = say(language, "record.release", guideline=under)
    headings = [say(language, f"record.{key}") for key in COLUMNS]
    rows = (_reader(language, one) for one in preview.readers)
    sentences = [element("li", text) for text in _sentences(language, preview)]
    return joined(
        (table(caption, headings, rows, id_="release"), element("ul", *sentences, id="onward"))
    )


def _reader(language: Language, one: ReaderSeen) -> tuple[str, ...]:
    gets = ", ".join(one.fields) or say(language, "record.nothing", reason=one.reason)
    return (
        one.reader,
        say(language, "record.direct")
        if one.relay is None
        else say(language, "record.through", relay=one.relay),
        gets,
        ", ".join(one.withheld),
        _when(language, one.delay_s) if one.fields else "",
        one.rule,
        _has(language, one),
    )


def _when(language: Language, delay_s: int) -> str:
    if not delay_s:
        return say(language, "record.at_once")
    return say(language, "record.after", seconds=delay_s)


def _has(language: Language, one: ReaderSeen) -> str:
    if one.went is not None:
        return say(language, "record.yes" if one.acknowledged else "record.sent")
    if one.waits_until is not None:
        return say(language, "record.waits", time=utc_text(one.waits_until))
    if one.other_versions:
        return say(language, "record.others", count=one.other_versions)
    return say(language, "record.no")


def _sentences(language: Language, preview: PreviewSeen) -> Iterator[str]:
    for one in preview.readers:
        for leak in one.given_away:
            yield say(language, "record.given_away", reader=one.reader, means=leak.means)
        for onward in one.onward:
            yield _onward(language, onward)
    if preview.readers and not any(one.onward for one in preview.readers):
        yield say(language, "record.nobody_onward")


def _onward(language: Language, one: OnwardSeen) -> str:
    return say(
        language,
        "record.onward",
        reader=one.reader,
        fields=", ".join(one.fields),
        way=" → ".join(one.through),
        delay=_when(language, one.delay_s),
        rule=one.rule,
    )
