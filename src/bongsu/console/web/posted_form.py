"""What a page's form posts: bounded, and read once."""

from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request

from bongsu.vocabulary.errors import LocalMisuse

MAXIMUM_FORM_BYTES: Final = 4_096
MAXIMUM_FIELDS: Final = 8


class FormTooLongError(LocalMisuse):
    """More than a form of ours ever holds."""


async def posted_fields(request: Request) -> dict[str, str]:
    """The first value of each field; none at all where it is no form. Raises FormTooLongError."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MAXIMUM_FORM_BYTES:
            raise FormTooLongError(
                f"more than {MAXIMUM_FORM_BYTES} bytes were posted", remedy="Use the page's form"
            )
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=MAXIMUM_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
