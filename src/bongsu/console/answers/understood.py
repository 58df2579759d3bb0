"""Reading a node's answer in the form that a face expects."""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from bongsu.vocabulary.errors import LocalMisuse

T = TypeVar("T")


def understood(answer: object, form: type[T], *, builtin_types: Iterable[type] = ()) -> T:
    """`answer` (plain values, or `builtin_types`) as `form`; LocalMisuse where it is none."""
    try:
        return msgspec.convert(answer, form, builtin_types=tuple(builtin_types))
    except msgspec.ValidationError as error:
        raise LocalMisuse(
            f"the node's answer is not understood: {error}",
            remedy="Use the same version of Bongsu for the face and the node",
        ) from error
