"""One disclosure, made by hand."""

from bongsu.records.disclosure import disclose_each


def disclose(salt: bytes, name: str, value: object) -> bytes:
    return disclose_each([(salt, name, value)])[0]
