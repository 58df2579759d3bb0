"""The page on which records are found: a form that works without a script, and what was found."""

from collections.abc import Mapping
from urllib.parse import urlencode

from bongsu.console.answers.records import FoundSeen, RecordsSeen
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, say
from bongsu.console.measures import utc_text
from bongsu.console.web.page_parts import marked, table
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.errors import BongsuError

SHORT_ID = 16
TEXTS = ("originator", "subject", "text")
LABELS = {
    "record": "records.id", "kind": "records.kind", "originator": "records.of",
    "subject": "records.about", "text": "records.text", "stored_from": "records.from",
    "stored_to": "records.to", "recalled": "records.state", "bulk": "records.bulk",
}  # fmt: skip
STATES = (("", "records.any_state"), ("true", "records.recalled"), ("false", "records.standing"))

Asked = Mapping[str, str]


def search_form(language: Language, asked: Asked) -> Html:
    """What may be asked for, with what was."""
    kinds = [("", say(language, "records.any_kind"))]
    kinds += [(kind.value, kind_words(language, kind.value)) for kind in RecordKind]
    states = [(value, say(language, key)) for value, key in STATES]
    return element(
        "form",
        _text(language, "text", asked),
        _choice(language, "kind", asked, kinds),
        _text(language, "originator", asked),
        _text(language, "subject", asked),
        _text(language, "stored_from", asked, type_="datetime-local"),
        _text(language, "stored_to", asked, type_="datetime-local"),
        _choice(language, "recalled", asked, states),
        _tick(language, "bulk", asked),
        _text(language, "record", asked),
        element("button", say(language, "records.find")),
        method="get",
        action="/records",
        class_="search",
        role="search",
        aria_label=say(language, "records.search"),
    )


def records_part(language: Language, found: RecordsSeen | BongsuError, asked: Asked) -> Html:
    """What was found, or why nothing was looked for."""
    if isinstance(found, BongsuError):
        words = say(language, "records.refused", what=found.what, remedy=found.remedy)
        return element("p", words, role="alert", class_="bad")
    caption = say(language, "records.caption", node=found.node, time=utc_text(found.at))
    headings = [
        say(language, f"records.{key}")
        for key in ("stored", "record", "kind", "of", "about", "remarks")
    ]
    early = None if found.complete else element("p", say(language, "records.early"), class_="bad")
    return joined(
        (
            table(caption, headings, (_row(language, one) for one in found.records), id_="found")
            if found.records
            else element("p", say(language, "records.none"), id="found"),
            early,
            _older(language, found, asked),
        )
    )


def kind_words(language: Language, kind: str) -> str:
    """A kind of record, as people call it; one of a later version by its own name."""
    known = any(kind == one.value for one in RecordKind)
    return say(language, f"kind.{kind}") if known else kind


def _row(language: Language, one: FoundSeen) -> tuple[Html | str, ...]:
    way = element("a", one.record_id[:SHORT_ID], href=f"/records/{one.record_id}")
    return (
        utc_text(one.stored_at),
        way,
        kind_words(language, one.kind),
        one.originator,
        one.subject or "",
        joined(_remarks(language, one), "; "),
    )


def _remarks(language: Language, one: FoundSeen) -> list[Html | str]:
    found: list[Html | str] = []
    if one.recalled:
        found.append(marked(say(language, "records.recalled"), is_well=False))
    if one.fault is not None:
        found.append(marked(one.fault, is_well=False))
    if one.version is not None:
        found.append(
            say(language, "records.version", number=one.version, action=one.action or "").strip()
        )
    if one.withheld:
        found.append(say(language, "records.withheld", fields=", ".join(one.withheld)))
    if one.excerpt is not None:
        found.append(
            say(language, "records.excerpt", field=one.excerpt.field, text=one.excerpt.text)
        )
    return found


def _older(language: Language, found: RecordsSeen, asked: Asked) -> Html | None:
    if found.next is None:
        return None
    query = urlencode({**asked, "before": str(found.next)})
    return element("p", element("a", say(language, "records.older"), href=f"/records?{query}"))


def _label(language: Language, name: str, *field: Html) -> Html:
    return element("label", element("span", say(language, LABELS[name])), *field)


def _text(language: Language, name: str, asked: Asked, *, type_: str = "text") -> Html:
    field = element(
        "input", type=type_, name=name, value=asked.get(name, ""), maxlength=200, autocomplete="off"
    )
    return _label(language, name, field)


def _tick(language: Language, name: str, asked: Asked) -> Html:
    field = element(
        "input", type="checkbox", name=name, value="true",
        checked=Html("") if asked.get(name) == "true" else None,
    )  # fmt: skip
    return _label(language, name, field)


def _choice(language: Language, name: str, asked: Asked, options: list[tuple[str, str]]) -> Html:
    chosen = asked.get(name, "")
    made = (
        element("option", words, value=value, selected=Html("") if value == chosen else None)
        for value, words in options
    )
    return _label(language, name, element("select", *made, name=name))
