"""What a person can ask of a running node: commands change something, queries only look.

A part of the node offers each of its commands under a name, with the form that its body must
have. Faces (the program, later a console) and adapters bring bodies and show results; they hold
no rules. What is not offered is refused.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from bongsu.vocabulary.errors import LocalMisuse


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of a command: every field known and bounded, none else allowed."""


class NoBody(Body, frozen=True, kw_only=True):
    """Nothing has to be said but the command's name."""


B = TypeVar("B", bound=Body)


class Offered:
    """One command: the form of its body, and what carries it out."""

    __slots__ = ("_carry_out", "_form")

    def __init__(self, form: type[B], carry_out: Callable[[B], Awaitable[object]]) -> None:
        self._form: type[Body] = form
        self._carry_out: Callable[[Any], Awaitable[object]] = carry_out

    async def carry_out(self, body: object) -> object:
        """Check the body (plain JSON values), then do it. Raises LocalMisuse for a bad body."""
        try:
            checked = msgspec.convert(body, self._form)
        except msgspec.ValidationError as error:
            raise LocalMisuse(
                f"the command's body is refused: {error}",
                remedy="Use the same version of Bongsu for the command and the node",
            ) from error
        return await self._carry_out(checked)


def all_offered(*parts: Mapping[str, Offered]) -> Mapping[str, Offered]:
    """The commands of every part of a node. Raises LocalMisuse where two offer one name."""
    offered: dict[str, Offered] = {}
    for part in parts:
        twice = offered.keys() & part.keys()
        if twice:
            raise LocalMisuse(
                f"two parts of the node offer {min(twice)!r}",
                remedy="Give one of them another name",
            )
        offered |= part
    return offered


@dataclass(frozen=True, slots=True)
class Control:
    """Every command of one node, by name."""

    offered: Mapping[str, Offered]

    async def call(self, name: str, body: object) -> object:
        """Carry out one command; plain values come back. Raises BongsuError, told to its caller."""
        command = self.offered.get(name)
        if command is None:
            raise LocalMisuse(
                f"the node knows no command {name[:64]!r}",
                remedy="Use the same version of Bongsu for the command and the node",
            )
        return await command.carry_out(body)
