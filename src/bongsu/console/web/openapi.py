"""The OpenAPI 3.1 description, made of the same forms that faces read answers with."""

from typing import Any

import msgspec

from bongsu import __version__
from bongsu.console.web.exports import MEDIA, ExportAsked
from bongsu.console.web.orders import ORDERS, Order
from bongsu.console.web.parameters import Parameters
from bongsu.console.web.queries import QUERIES, ROOT, Query

REFERENCE = "#/components/schemas/{name}"
RECORD_ID = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
ERRORS = {
    "400": "what was asked is wrong; `what` and `remedy` say how to mend it",
    "401": "no token, or not this console's",
    "403": "no role of yours lets you do that, or another site's page sent it",
    "421": "the server was called by a name that is not its own",
    "502": "the node refused a partner's or another's content",
    "503": "the node does not answer, or too many listen",
}
# Forms of parameters, each once.
TAKEN: tuple[type[Parameters], ...] = tuple(
    dict.fromkeys((*(query.takes for query in QUERIES), ExportAsked))
)
UNITS = (
    "Angles are radians, lengths metres, instants nanoseconds since 1970-01-01T00:00:00Z of the"
    " node's clock (in an exercise: of scenario time). A value is null where it was stated as"
    " absent, or withheld: `withheld` names the latter."
)


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why it was not answered, and what to do."""

    what: str
    remedy: str


def description() -> dict[str, Any]:
    """The whole document."""
    refs, schemas = msgspec.json.schema_components(
        [
            *(one.form for one in (*QUERIES, *ORDERS)),
            *(one.takes for one in ORDERS),
            Refused,
            *TAKEN,
        ],
        ref_template=REFERENCE,
        schema_hook=_of_any_value,
    )
    _say_hexadecimal(schemas)
    taken = {form: _taken(schemas.pop(form.__name__)) for form in TAKEN}
    paths = {
        f"{ROOT}{query.path}": {"get": _operation(query, form, taken[query.takes])}
        for query, form in zip(QUERIES, refs, strict=False)
    }
    paths |= {
        f"{ROOT}{order.path}": {"post": _order(order, form, sent)}
        for order, form, sent in zip(
            ORDERS, refs[len(QUERIES) :], refs[len(QUERIES) + len(ORDERS) :], strict=False
        )
    }
    paths[f"{ROOT}/stream"] = {"get": _stream()}
    paths[f"{ROOT}/export"] = {"get": _export(taken[ExportAsked])}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Bongsu, one node",
            "version": __version__,
            "description": UNITS,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _of_any_value(kind: type) -> dict[str, Any]:
    """A field of a record or of a journal's line may be any JSON value."""
    if kind is object:
        return {"description": "any JSON value"}
    raise NotImplementedError


def _taken(form: dict[str, Any]) -> list[dict[str, Any]]:
    """Each field of a form of parameters, as a parameter."""
    return [
        _parameter(name, "query", schema.get("description", name), schema)
        for name, schema in form["properties"].items()
    ]


def _operation(query: Query, form: dict[str, Any], taken: list[dict[str, Any]]) -> dict[str, Any]:
    record = _parameter("record", "path", "a record's id, or its beginning", {"type": "string"})
    return {
        "operationId": query.command,
        "summary": query.summary,
        "parameters": [*([record] if query.named else []), *taken],
        "responses": {"200": _response("the answer", "application/json", form), **_errors()},
    }


def _order(order: Order, form: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": order.command,
        "summary": order.summary,
        "requestBody": {"required": True, "content": {"application/json": {"schema": sent}}},
        "responses": {"200": _response("done", "application/json", form), **_errors()},
    }


def _stream() -> dict[str, Any]:
    known = {"type": "integer", "minimum": 1}
    return {
        "operationId": "stream",
        "summary": (
            "The node's journal as server-sent events, as it happens. `missed`: ask for the whole"
            " again; `node_away`, `node_back`: the node stopped answering, or answers again"
        ),
        "parameters": [
            _parameter("Last-Event-ID", "header", "go on after this event", known),
        ],
        "responses": {
            "200": _response("events, until either side ends", "text/event-stream", {}),
            **_errors(),
        },
    }


def _export(taken: list[dict[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {media: {"schema": {}} for media in dict.fromkeys(MEDIA.values())}
    return {
        "operationId": "export",
        "summary": "A moment as a file for others' maps: warned areas and tracks, marked",
        "parameters": taken,
        "responses": {
            "200": {"description": "the file", "content": content},
            **_errors(),
            "501": _errors()["400"] | {"description": "this console can't write that format"},
        },
    }


def _parameter(name: str, place: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = place == "path"
    return {"name": name, "in": place, "required": required, "description": words, "schema": schema}


def _errors() -> dict[str, Any]:
    form = {"$ref": REFERENCE.format(name=Refused.__name__)}
    return {status: _response(words, "application/json", form) for status, words in ERRORS.items()}


def _response(words: str, media: str, form: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {media: {"schema": form} if form else {}}}


def _say_hexadecimal(schemas: dict[str, Any]) -> None:
    """Ids of records are bytes inside, and hexadecimal in what a node answers."""
    named = schemas["SeenWarning"]["properties"]["corroborated_by"]
    for form in named["anyOf"]:
        if form.get("type") == "array":
            form["items"] = RECORD_ID
