"""One record: who said it, whether that verifies, what it says, who has it, who would get it."""

from collections.abc import Iterator

from bongsu.console.answers.release import PreviewSeen, RecordSeen, VersionSeen
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, say
from bongsu.console.measures import utc_text
from bongsu.console.record_words import field_lines
from bongsu.console.web.page_parts import long_text, marked, table
from bongsu.console.web.records_page import SHORT_ID, kind_words
from bongsu.console.web.release_part import release_part
from bongsu.vocabulary.errors import BongsuError

NOT_VERIFIED = "does not verify"
MAXIMUM_LINES = 400  # of fields: a record with more is for programs


def record_part(language: Language, seen: RecordSeen, preview: PreviewSeen | BongsuError) -> Html:
    """Everything that the node knows of it."""
    return joined(
        (
            *_origin(language, seen),
            _fields(language, seen),
            _holders(language, seen),
            _versions(language, seen),
            release_part(language, preview),
        )
    )


def _origin(language: Language, seen: RecordSeen) -> Iterator[Html]:
    named = f"{seen.realm.banner}  {kind_words(language, seen.kind)} {seen.record_id}"
    yield element("p", named, id="line")
    when = utc_text(seen.created_at)
    yield element("p", say(language, "record.of", originator=seen.originator, time=when))
    times = (utc_text(seen.signed_at), utc_text(seen.stored_at))
    yield element("p", say(language, "record.times", signed=times[0], stored=times[1]))
    verifies = not seen.signature.startswith(NOT_VERIFIED)
    signature = say(language, "record.signature", state=seen.signature)
    yield element("p", marked(signature, is_well=verifies), id="signature")
    recalled = (
        marked(say(language, "record.not_recalled"), is_well=True)
        if seen.recalled is None
        else marked(say(language, "record.recalled", words=seen.recalled), is_well=False)
    )
    yield element("p", recalled, id="recalled")


def _fields(language: Language, seen: RecordSeen) -> Html:
    rows: list[tuple[Html | str, ...]] = []
    for number, (name, text) in enumerate(field_lines(seen.fields)):
        if number == MAXIMUM_LINES:
            rows.append(("...", say(language, "record.cut")))
            break
        rows.append((name, long_text(language, text, id_=f"field-{number}")))
    withheld = marked(say(language, "record.withheld_by", who=_withheld_by(seen)), is_well=False)
    rows += [(name, withheld) for name in seen.withheld]
    rows += [(name, say(language, "record.unknown")) for name in seen.unknown]
    headings = (say(language, "record.field"), say(language, "record.value"))
    return table(say(language, "record.fields"), headings, rows, id_="fields")


def _withheld_by(seen: RecordSeen) -> str:
    """Its originator, and whoever passed it on: each may have closed what we don't see."""
    return ", ".join(dict.fromkeys((seen.originator, *seen.received_from)))


def _holders(language: Language, seen: RecordSeen) -> Html:
    received = None
    if seen.received_from:
        nodes = ", ".join(seen.received_from)
        received = element("p", say(language, "record.received", nodes=nodes))
    if not seen.sent_to:
        nobody = element("p", say(language, "record.nobody"))
        return joined((element("h2", say(language, "record.holders")), received, nobody))
    rows = (
        (
            sent.reader,
            marked(
                say(
                    language,
                    "record.on_disk" if sent.acknowledged else "record.not_acknowledged",
                    sequence=sent.sequence,
                ),
                is_well=sent.acknowledged,
            ),
            ", ".join(sent.fields) or say(language, "record.let_go"),
        )
        for sent in seen.sent_to
    )
    headings = [say(language, f"record.{key}") for key in ("reader", "receipt", "shown")]
    return joined((received, table(say(language, "record.holders"), headings, rows, id_="holders")))


def _versions(language: Language, seen: RecordSeen) -> Html | None:
    if not seen.history:
        return None
    subject = str(seen.fields.get("warning_id") or seen.fields.get("notice_id") or seen.originator)
    headings = [say(language, f"records.{key}") for key in ("stored", "record", "kind", "remarks")]
    rows = (_version(language, one, seen.record_id) for one in reversed(seen.history))
    caption = say(language, "record.versions", subject=subject)
    return table(caption, headings, rows, id_="versions")


def _version(language: Language, one: VersionSeen, here: str) -> tuple[Html | str, ...]:
    remarks: list[Html | str] = []
    if one.record_id == here:
        remarks.append(element("b", say(language, "record.this")))
    if one.version is not None:
        remarks.append(
            say(language, "records.version", number=one.version, action=one.action or "").strip()
        )
    if one.recalled:
        remarks.append(marked(say(language, "records.recalled"), is_well=False))
    return (
        utc_text(one.created_at),
        element("a", one.record_id[:SHORT_ID], href=f"/records/{one.record_id}"),
        kind_words(language, one.kind),
        joined(remarks, "; "),
    )
