"""What passkeys need of the outside: where people are kept, and who checks what a browser signs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bongsu.node.people import Passkey, People
from bongsu.vocabulary.units import UtcNs


class Registry(Protocol):
    def people(self) -> People:
        """Who is known now."""
        ...

    def change(self, change: Callable[[People], People]) -> People:
        """Apply one change, alone; what `change` raises is kept from happening."""
        ...


class PasskeyChecker(Protocol):
    """Raises NotLetInError for what is not signed as it was asked for."""

    def to_enrol(self, challenge: bytes, name: str) -> Mapping[str, object]:
        """What `navigator.credentials.create` is asked with."""
        ...

    def enrolled(self, answer: Mapping[str, object], challenge: bytes) -> Passkey:
        """The new passkey."""
        ...

    def credential_of(self, answer: Mapping[str, object]) -> bytes:
        """Which passkey an answer says it is of; nothing where it says nothing that is one."""
        ...

    def to_enter(self, challenge: bytes) -> Mapping[str, object]:
        """What `navigator.credentials.get` is asked with."""
        ...

    def entered(self, answer: Mapping[str, object], challenge: bytes, passkey: Passkey) -> int:
        """The passkey's counter after this use."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How people come in by passkey; `address` is where passkeys work."""

    registry: Registry
    checker: PasskeyChecker
    utc: Callable[[], UtcNs]
    address: str
