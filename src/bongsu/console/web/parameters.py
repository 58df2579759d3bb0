"""What a question may be asked with beside its path: `?name=value`, read into a form.

The OpenAPI description is made of the same form. A name that is not in it is refused: who asks
for something that is not understood must not take the answer for it.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from bongsu.console.languages import Language
from bongsu.node.past.moments import MAXIMUM_MOMENTS
from bongsu.node.record_search import MAXIMUM_FOUND, Instant, Words
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.errors import LocalMisuse

EXACT = 2**53 - 1  # the largest whole number that every reader of JSON holds exactly


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No parameter; a question's own form adds its names, each with what it means."""


class InWords(Parameters, frozen=True, kw_only=True):
    """Of questions that are answered with a sentence, too; the node is not asked with it."""

    language: Annotated[Language, Meta(description="of `sentence`")] = Language.ENGLISH


class After(Parameters, frozen=True, kw_only=True):
    after: Annotated[
        int, Meta(ge=0, le=EXACT, description="the last number that is known, 0 for none")
    ] = 0


class PathsAsked(Parameters, frozen=True, kw_only=True):
    after: Annotated[
        Instant, Meta(description="only where tracks were later than that, ns UTC")
    ] = 0


class Since(Parameters, frozen=True, kw_only=True):
    since: Annotated[
        Instant | None, Meta(description="ns UTC; else since the last shift began")
    ] = None


class RecordsAsked(Parameters, frozen=True, kw_only=True):
    """As `node.record_search.RecordsSought`: the node checks it again."""

    kind: Annotated[RecordKind | None, Meta(description="of one kind")] = None
    originator: Annotated[Words | None, Meta(description="stated by that node")] = None
    subject: Annotated[
        Words | None, Meta(description="every version of that warning, notice, report")
    ] = None
    text: Annotated[Words | None, Meta(description="with these words in a field")] = None
    stored_from: Annotated[Instant | None, Meta(description="stored then or later, ns UTC")] = None
    stored_to: Annotated[Instant | None, Meta(description="stored before then, ns UTC")] = None
    recalled: Annotated[
        bool | None, Meta(description="true: withdrawn ones alone, false: the others")
    ] = None
    bulk: Annotated[bool, Meta(description="track updates and the like, too")] = False
    before: Annotated[Instant | None, Meta(description="go on with an answer's `next`")] = None
    limit: Annotated[int, Meta(ge=1, le=MAXIMUM_FOUND, description="so many at most")] = 50


class MomentAsked(InWords, frozen=True, kw_only=True):
    utc_ns: Annotated[Instant, Meta(description="the moment, ns UTC of the node's clock")]


class MomentsAsked(Parameters, frozen=True, kw_only=True):
    after: Annotated[Instant, Meta(description="go on with an answer's `next`, 0 to begin")] = 0
    limit: Annotated[int, Meta(ge=1, le=MAXIMUM_MOMENTS, description="so many at most")] = 200


def read_parameters(form: type[Parameters], given: Iterable[tuple[str, str]]) -> dict[str, object]:
    """What is given, as plain values; what is empty, as a form sends it, is not given.

    Raises LocalMisuse for an unknown name, a name that is given twice, or a value that is none.
    """
    values: dict[str, str] = {}
    for name, text in given:
        if name in values:
            raise LocalMisuse(f"{name[:40]!r} is given twice", remedy="Give it once")
        if text:
            values[name] = text
    try:
        read = msgspec.convert(values, form, strict=False)
    except msgspec.ValidationError as error:
        raise LocalMisuse(
            f"what was asked is not understood: {str(error)[:300]}",
            remedy="Read /openapi.json: it names every parameter and its form",
        ) from error
    plain: dict[str, object] = msgspec.to_builtins(read)
    return plain
