"""Whatever a browser sends in place of a passkey's answer is refused in words, and nothing else."""

import contextlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from webauthn.helpers import bytes_to_base64url

from bongsu.adapters.keys.passkeys import WebauthnPasskeys
from bongsu.node.people import NotLetInError, Passkey

CHECKER = WebauthnPasskeys(host="localhost", origin="http://localhost:17480")
CHALLENGE = bytes(32)
CLIENT = (
    b'{"type":"%s","challenge":"' + bytes_to_base64url(CHALLENGE).encode()
    + b'","origin":"http://localhost:17480"}'
)  # fmt: skip

octets = st.binary(max_size=120).map(bytes_to_base64url)
client_data = st.one_of(
    octets,
    st.sampled_from([b"webauthn.create", b"webauthn.get"]).map(
        lambda kind: bytes_to_base64url(CLIENT % kind)
    ),
)
# CBOR of a map with a format, an attestation and data of an authenticator, then anything.
attestation = st.one_of(
    octets,
    st.binary(min_size=37, max_size=200).map(
        lambda data: bytes_to_base64url(
            b"\xa3cfmtdnonegattStmt\xa0hauthData\x58" + bytes([len(data)]) + data
        )
    ),
)
answers = st.fixed_dictionaries(
    {
        "id": st.one_of(octets, st.text(max_size=20), st.none(), st.integers()),
        "rawId": st.one_of(octets, st.text(max_size=20), st.none()),
        "type": st.sampled_from(["public-key", "other", ""]),
        "response": st.one_of(
            st.none(),
            st.text(max_size=5),
            st.fixed_dictionaries(
                {"clientDataJSON": client_data},
                optional={
                    "attestationObject": attestation,
                    "authenticatorData": octets,
                    "signature": octets,
                    "userHandle": st.one_of(octets, st.none(), st.integers()),
                    "transports": st.lists(st.text(max_size=5), max_size=2),
                },
            ),
        ),
    }
)


@settings(deadline=None)
@given(answers, st.binary(max_size=100))
def test_no_answer_is_taken_and_none_ends_in_another_error(
    answer: dict[str, Any], public_key: bytes
) -> None:
    known = Passkey(credential=b"x" * 16, public_key=public_key, used=0)
    CHECKER.credential_of(answer)
    for check in (
        lambda: CHECKER.enrolled(answer, CHALLENGE),
        lambda: CHECKER.entered(answer, CHALLENGE, known),
    ):
        with contextlib.suppress(NotLetInError):
            check()
            raise AssertionError("an answer of nobody's was taken")
