"""Values of records as plain JSON values with the names of their parts, for faces."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

import msgspec


def plain(value: object) -> object:
    """Structures become maps by their fields' names, bytes hexadecimal text."""
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [plain(one) for one in value]
    return value
