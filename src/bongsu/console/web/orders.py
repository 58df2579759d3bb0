"""Everything that can be changed over HTTP: its path, what is sent, the node's command.

As with questions, routes and the OpenAPI description are made of this one list. Who does it is
never sent: the door knows.
"""

from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta
from starlette.requests import Request

from bongsu.console.answers.alarms import EntryStored
from bongsu.node.alarms.alarm_desk import ShiftChange
from bongsu.vocabulary.errors import LocalMisuse

MAXIMUM_BODY_BYTES: Final = 4_096
JSON: Final = "application/json"


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent; the node checks it again."""


class AlarmSeenNow(Sent, frozen=True, kw_only=True):
    """`version`: the one that was seen; null where the alarm has none."""

    alarm: Annotated[str, Meta(min_length=1, max_length=160)]
    version: int | None = None


class Silence(Sent, frozen=True, kw_only=True):
    for_s: Annotated[float, Meta(gt=0.0, le=120.0)] = 60.0


class Shift(Sent, frozen=True, kw_only=True):
    action: ShiftChange
    note: Annotated[str, Meta(max_length=1_000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    path: str
    command: str
    takes: type[Sent]
    form: type[msgspec.Struct]
    summary: str


ORDERS: Final = (
    Order(
        path="/alarms/acknowledge",
        command="alarm_acknowledge",
        takes=AlarmSeenNow,
        form=EntryStored,
        summary="Say that you have seen an alarm, in the version that you saw",
    ),
    Order(
        path="/alarms/silence",
        command="alarm_silence",
        takes=Silence,
        form=EntryStored,
        summary="Stop the sound of what stands now, for a while",
    ),
    Order(
        path="/shifts",
        command="shift_change",
        takes=Shift,
        form=EntryStored,
        summary="Begin or end a shift",
    ),
)


async def read_sent(form: type[Sent], request: Request) -> dict[str, object]:
    """The body as plain values. Raises LocalMisuse for one that is no JSON of that form."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != JSON:
        raise LocalMisuse("what was sent is not said to be JSON", remedy=f"Send it as {JSON}")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAXIMUM_BODY_BYTES:
            raise LocalMisuse(
                f"more than {MAXIMUM_BODY_BYTES} bytes were sent", remedy="Send one order"
            )
    try:
        sent: dict[str, object] = msgspec.to_builtins(msgspec.json.decode(body, type=form))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LocalMisuse(
            f"what was sent is refused: {error}", remedy="See /openapi.json for its form"
        ) from error
    return sent
