"""How a newcomer and a member come to believe each other's roots.

The member makes an invitation, the newcomer an answer to exactly that invitation. Both travel by
any means and prove nothing by themselves: what makes them true is that two people read each
other a short code over a channel that they trust, such as a voice they know. The code is a hash
of both texts, so whoever changed or exchanged either of them on the way makes the codes differ.

Trust rules:

- The code has 24 decimal digits, 79 bits. Somebody in between who sends a false invitation on has
  a code to meet that he can't choose; for the false answer that meets it he would have to try
  some 2^79 of them before the invitation ends.
- An invitation is of one realm, for one nation, ends by its date, and is confirmed once.
"""

import hashlib
from typing import Annotated

from msgspec import Meta

from bongsu.records.encoding import Codec, Wire, encode
from bongsu.records.names import VERSION, Instant, Nation, Node, Sha256, Version
from bongsu.records.realm_mark import require_realm
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

NONCE_BYTES = 32
CODE_DIGITS = 24
CODE_GROUP = 4
MAXIMUM_FILE_BYTES = 262_144
MAXIMUM_BYTES = 700_000  # as text still below what an armored file may hold

Nonce = Annotated[bytes, Meta(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]


class PublicFile(Wire, frozen=True, kw_only=True):
    """One file of a nation's public part, as it is."""

    name: Annotated[str, Meta(pattern=r"\A[A-Z][A-Za-z0-9.-]{1,63}\Z")]
    content: Annotated[bytes, Meta(max_length=MAXIMUM_FILE_BYTES)]


class NodeAddress(Wire, frozen=True, kw_only=True):
    """A node, and where it listens for partners."""

    node: Node
    endpoint: Annotated[str, Meta(pattern=r"\A(tls|quic|tcp)/[^\x00-\x20\x7f]+\Z", max_length=256)]


_Public = Annotated[tuple[PublicFile, ...], Meta(min_length=1, max_length=4)]
_Nodes = Annotated[tuple[NodeAddress, ...], Meta(max_length=16)]


class Invitation(Wire, frozen=True, kw_only=True):
    """A member asks a newcomer to join."""

    version: Version = VERSION
    realm: Realm
    inviter: Nation
    invitee: Nation
    nonce: Nonce
    expires_at: Instant
    public: _Public
    nodes: _Nodes


class Answer(Wire, frozen=True, kw_only=True):
    """The newcomer's answer to one invitation, and to no other."""

    version: Version = VERSION
    realm: Realm
    invitation_sha256: Sha256
    nonce: Nonce
    public: _Public
    nodes: _Nodes


INVITATION = Codec(Invitation, maximum_bytes=MAXIMUM_BYTES, what="invitation")
ANSWER = Codec(Answer, maximum_bytes=MAXIMUM_BYTES, what="answer to an invitation")


def open_invitation(data: bytes, *, realm: Realm, invitee: NationId, now: UtcNs) -> Invitation:
    """The invitation, if it is for this nation, in this realm, and has not ended.

    Raises PeerViolation otherwise. Whom it is from, the comparison of the codes says.
    """
    invitation = INVITATION.decode(data)
    require_realm(invitation.realm, realm, what=f"invitation of {invitation.inviter}")
    if invitation.invitee != invitee or invitation.inviter == invitee:
        raise INVITATION.refusal(f"it is for {invitation.invitee}, here is {invitee}")
    require_not_ended(invitation, now=now)
    return invitation


def require_not_ended(invitation: Invitation, *, now: UtcNs) -> None:
    """Raise PeerViolation for an invitation whose date has passed."""
    if now >= invitation.expires_at:
        raise PeerViolation(
            f"the invitation of {invitation.inviter} to {invitation.invitee} has ended",
            remedy="Check the clock, or make a new one with: bongsu invite create",
        )


def open_answer(data: bytes, *, realm: Realm, invitation: bytes) -> Answer:
    """The answer, if it is to exactly this invitation; raises PeerViolation otherwise."""
    answer = ANSWER.decode(data)
    require_realm(answer.realm, realm, what="answer to an invitation")
    if answer.invitation_sha256 != hashlib.sha256(invitation).digest():
        raise ANSWER.refusal("it answers another invitation than ours")
    return answer


def comparison_code(invitation: bytes, answer: bytes) -> str:
    """What both sides read to each other: 24 digits in groups of four."""
    digest = hashlib.sha256(b"bongsu/1/invitation" + encode((invitation, answer))).digest()
    digits = str(int.from_bytes(digest, "big") % 10**CODE_DIGITS).zfill(CODE_DIGITS)
    return " ".join(digits[at : at + CODE_GROUP] for at in range(0, CODE_DIGITS, CODE_GROUP))


def require_same_code(typed: str, invitation: bytes, answer: bytes) -> None:
    """Raise LocalMisuse unless a person heard the very code that these two texts make."""
    if "".join(typed.split()) != comparison_code(invitation, answer).replace(" ", ""):
        raise LocalMisuse(
            "the codes differ: what one side sent is not what the other received, or a digit"
            " was misheard",
            remedy="Read it again; if it still differs, trust nothing of it and send it anew",
        )
