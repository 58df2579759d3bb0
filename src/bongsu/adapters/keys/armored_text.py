"""Bytes as text between BEGIN and END lines, for files that people send each other."""

import base64
import binascii
import re

from bongsu.vocabulary.errors import PeerViolation

MAXIMUM_TEXT_BYTES = 1_048_576
MAXIMUM_BLOCKS = 4096

_BLOCK = re.compile(
    r"-----BEGIN BONGSU (?P<label>[A-Z ]+)-----\n(?P<body>[A-Za-z0-9+/=\n]*)"
    r"-----END BONGSU (?P=label)-----\n"
)


def armored(label: str, data: bytes) -> str:
    """One block: base64 in lines of 64 characters under a label in capitals."""
    text = base64.b64encode(data).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN BONGSU {label}-----", *lines, f"-----END BONGSU {label}-----\n"])


def read_armored(text: str, label: str, *, where: str) -> tuple[bytes, ...]:
    """Every block of `label` in `text`; anything else between blocks is refused.

    Raises PeerViolation naming `where`.
    """
    blocks: list[bytes] = []
    position = 0
    while position < len(text):
        found = _BLOCK.match(text, position)
        if found is None or found["label"] != label or len(blocks) >= MAXIMUM_BLOCKS:
            line = text.count("\n", 0, position) + 1
            raise _refusal(f"{where}, line {line}: no block of {label.lower()}s")
        try:
            data = base64.b64decode(found["body"].replace("\n", ""), validate=True)
        except (binascii.Error, ValueError) as error:
            raise _refusal(f"{where}: a block is no base64: {error}") from error
        if armored(label, data) != found[0]:
            raise _refusal(f"{where}: a block is not written in the one way")
        blocks.append(data)
        position = found.end()
    return tuple(blocks)


def _refusal(what: str) -> PeerViolation:
    return PeerViolation(what, remedy="Ask for the file anew and copy it unchanged")
