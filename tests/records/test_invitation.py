"""Invitations: a code that any change on the way changes, on both sides."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records.made_up_nations import NOW

from bongsu.records.invitation import (
    ANSWER,
    INVITATION,
    Answer,
    Invitation,
    PublicFile,
    comparison_code,
    open_answer,
    open_invitation,
    require_same_code,
)
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NationId, UtcNs

EXERCISE = Realm.EXERCISE
AU, KR = NationId("AU"), NationId("KR")
ENDS = UtcNs(NOW + 3_600 * NS_PER_S)


def invitation(**changes: object) -> bytes:
    fields: dict[str, object] = {
        "realm": EXERCISE,
        "inviter": KR,
        "invitee": AU,
        "nonce": bytes(32),
        "expires_at": ENDS,
        "public": (PublicFile(name="KR.certificates", content=b"public"),),
        "nodes": (),
    }
    return INVITATION.encode(Invitation(**{**fields, **changes}))  # type: ignore[arg-type]


def answer(to: bytes, *, realm: Realm = EXERCISE) -> bytes:
    return ANSWER.encode(
        Answer(
            realm=realm,
            invitation_sha256=hashlib.sha256(to).digest(),
            nonce=bytes(32),
            public=(PublicFile(name="AU.certificates", content=b"public"),),
            nodes=(),
        )
    )


def test_an_invitation_is_for_one_nation_in_one_realm_until_its_end() -> None:
    data = invitation()
    assert open_invitation(data, realm=EXERCISE, invitee=AU, now=NOW).inviter == KR
    with pytest.raises(PeerViolation, match="for AU, here is JP"):
        open_invitation(data, realm=EXERCISE, invitee=NationId("JP"), now=NOW)
    with pytest.raises(PeerViolation, match="EXERCISE"):
        open_invitation(data, realm=Realm.LIVE, invitee=AU, now=NOW)
    with pytest.raises(PeerViolation, match="has ended"):
        open_invitation(data, realm=EXERCISE, invitee=AU, now=ENDS)


def test_nobody_accepts_his_own_invitation() -> None:
    with pytest.raises(PeerViolation):
        open_invitation(invitation(inviter=AU), realm=EXERCISE, invitee=AU, now=NOW)


def test_an_answer_is_to_one_invitation_only() -> None:
    ours, another = invitation(), invitation(nonce=bytes([1]) * 32)
    assert open_answer(answer(ours), realm=EXERCISE, invitation=ours).nodes == ()
    with pytest.raises(PeerViolation, match="another invitation"):
        open_answer(answer(another), realm=EXERCISE, invitation=ours)
    with pytest.raises(PeerViolation, match="LIVE"):
        open_answer(answer(ours, realm=Realm.LIVE), realm=EXERCISE, invitation=ours)


def test_the_code_is_typed_with_or_without_spaces() -> None:
    ours = invitation()
    code = comparison_code(ours, answer(ours))
    assert [len(group) for group in code.split()] == [4] * 6
    require_same_code(code, ours, answer(ours))
    require_same_code(f"  {code.replace(' ', '')} ", ours, answer(ours))
    for wrong in ("", code[:-1], code[:-1] + str((int(code[-1]) + 1) % 10), code + "0"):
        with pytest.raises(LocalMisuse, match="codes differ"):
            require_same_code(wrong, ours, answer(ours))


@given(bit=st.integers(min_value=0), which=st.booleans())
def test_any_bit_changed_on_the_way_changes_the_code(bit: int, which: bool) -> None:
    texts = [invitation(), answer(invitation())]
    code = comparison_code(*texts)
    changed = bytearray(texts[which])
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    texts[which] = bytes(changed)
    assert comparison_code(*texts) != code


def test_where_one_text_ends_and_the_other_begins_is_part_of_the_code() -> None:
    assert comparison_code(b"ab", b"c") != comparison_code(b"a", b"bc")
