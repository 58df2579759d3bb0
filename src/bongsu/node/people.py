"""The people of a node: their roles, their passkeys, and invitations that are good once.

Pure: what was known and what happened give what is known then. No password is kept anywhere, and
of an invitation's code its hash alone. An invitation ends with its time, its use, or after a few
wrong codes; a passkey whose counter goes back was copied, and enters no more.
"""

import hashlib
import hmac
import re
from typing import Final

import msgspec

from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.role import Role
from bongsu.vocabulary.units import NS_PER_S, UtcNs

MAXIMUM_PEOPLE: Final = 200
MAXIMUM_TRIES: Final = 5
INVITED_FOR_S: Final = 15 * 60
NAME: Final = re.compile(r"\w[\w .'-]{0,39}")


class NotLetInError(PeerViolation):
    """Somebody at the door showed what does not open it."""


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """The public half; `used`: its counter at its last use, 0 where it keeps none."""

    credential: bytes
    public_key: bytes
    used: int


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    code_hash: bytes
    ends_at: int
    tries_left: int


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One person; without a passkey as long as the invitation was not used."""

    name: str
    role: Role
    passkey: Passkey | None = None
    invitation: Invitation | None = None


class People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    known: tuple[Known, ...] = ()

    def named(self, name: str) -> Known | None:
        """The person of that name."""
        return next((one for one in self.known if one.name == name), None)

    def holding(self, credential: bytes) -> Known | None:
        """The person whose passkey it is."""
        return next(
            (one for one in self.known if one.passkey and one.passkey.credential == credential),
            None,
        )


def invited(people: People, name: str, role: Role, *, code: str, now: UtcNs) -> People:
    """With an invitation for somebody new, or a new one for who has no passkey yet."""
    if not NAME.fullmatch(name):
        raise LocalMisuse(
            f"{name[:40]!r} is no name", remedy="Give 1 to 40 letters, digits, spaces, . ' or -"
        )
    before = people.named(name)
    if before is not None and before.passkey is not None:
        raise LocalMisuse(f"{name} has a passkey already", remedy="Remove that person first")
    if before is None and len(people.known) >= MAXIMUM_PEOPLE:
        raise LocalMisuse(f"{MAXIMUM_PEOPLE} people are known", remedy="Remove who left")
    invitation = Invitation(
        code_hash=_hash(code), ends_at=now + INVITED_FOR_S * NS_PER_S, tries_left=MAXIMUM_TRIES
    )
    return _with(people, Known(name=name, role=role, invitation=invitation))


def removed(people: People, name: str) -> People:
    """Without that person. Raises LocalMisuse where nobody is called so."""
    if people.named(name) is None:
        raise LocalMisuse(f"nobody is called {name[:40]!r}", remedy="See: bongsu people list")
    return People(known=tuple(one for one in people.known if one.name != name))


def tried(people: People, name: str, code: str, *, now: UtcNs) -> tuple[People, bool]:
    """Whether the code is that of a standing invitation; a wrong one costs a try."""
    one = people.named(name)
    if one is None or one.invitation is None or one.invitation.ends_at <= now:
        return people, False
    if hmac.compare_digest(one.invitation.code_hash, _hash(code)):
        return people, True
    left = one.invitation.tries_left - 1
    kept = msgspec.structs.replace(one.invitation, tries_left=left) if left > 0 else None
    return _with(people, msgspec.structs.replace(one, invitation=kept)), False


def enrolled(people: People, name: str, code: str, passkey: Passkey, *, now: UtcNs) -> People:
    """The invitation used up for this passkey. Raises NotLetInError where it stands no more."""
    people, stands = tried(people, name, code, now=now)
    one = people.named(name)
    if not stands or one is None or people.holding(passkey.credential) is not None:
        raise NotLetInError(
            "this invitation was used, or has ended", remedy="Ask for a new one: bongsu people add"
        )
    return _with(people, Known(name=name, role=one.role, passkey=passkey))


def used(people: People, credential: bytes, *, count: int) -> People:
    """The counter of a passkey after a login. Raises NotLetInError where it did not grow."""
    one = people.holding(credential)
    if one is None or one.passkey is None:
        raise NotLetInError("this passkey is not known here", remedy="Enrol it first")
    if max(count, one.passkey.used) > 0 and count <= one.passkey.used:
        raise NotLetInError(
            "this passkey was used elsewhere since: it may be a copy",
            remedy="Have that person removed and enrolled anew",
        )
    return _with(
        people,
        msgspec.structs.replace(one, passkey=msgspec.structs.replace(one.passkey, used=count)),
    )


def _with(people: People, one: Known) -> People:
    others = tuple(other for other in people.known if other.name != one.name)
    return People(known=(*others, one))


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
