"""The real keys keep the promises of the ports: contexts, both halves, one reader."""

import pytest

from bongsu.adapters.keys.cryptography_keys import (
    CryptographyOpener,
    CryptographySealer,
    CryptographySigner,
    CryptographyVerifier,
)
from bongsu.records.keys import SEALING_KEY_BYTES, PublicKeys, SignaturePair, require_signature
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation

BOTH = CryptographySigner.generate()
ED25519_ONLY = CryptographySigner.generate(post_quantum=False)
VERIFIER = CryptographyVerifier()
SEALER = CryptographySealer()
CONTEXT, OTHER = b"bongsu/1/exercise/head", b"bongsu/1/live/head"


@pytest.mark.parametrize("signer", [BOTH, ED25519_ONLY])
def test_a_signature_verifies_for_its_message_context_and_key_alone(
    signer: CryptographySigner,
) -> None:
    pair = signer.sign(b"message", context=CONTEXT)
    other = CryptographySigner.generate(post_quantum=signer.public.post_quantum)
    assert VERIFIER.verify(signer.public, b"message", pair, context=CONTEXT)
    assert not VERIFIER.verify(signer.public, b"massage", pair, context=CONTEXT)
    assert not VERIFIER.verify(signer.public, b"message", pair, context=OTHER)
    assert not VERIFIER.verify(other.public, b"message", pair, context=CONTEXT)


def test_context_and_message_cannot_flow_into_each_other() -> None:
    pair = ED25519_ONLY.sign(b"/head-of-all", context=b"bongsu")
    assert not VERIFIER.verify(ED25519_ONLY.public, b"-of-all", pair, context=b"bongsu/head")


def test_a_post_quantum_key_demands_both_halves() -> None:
    pair = BOTH.sign(b"message", context=CONTEXT)
    for half in (
        SignaturePair(ed25519=pair.ed25519),
        SignaturePair(ed25519=bytes(64), ml_dsa_65=pair.ml_dsa_65),
        SignaturePair(ed25519=pair.ed25519, ml_dsa_65=bytes(3309)),
        SignaturePair(ed25519=pair.ed25519, ml_dsa_65=b"short"),
    ):
        assert not VERIFIER.verify(BOTH.public, b"message", half, context=CONTEXT)


def test_a_half_that_the_key_does_not_have_is_no_decoration() -> None:
    pair = ED25519_ONLY.sign(b"message", context=CONTEXT)
    more = SignaturePair(ed25519=pair.ed25519, ml_dsa_65=b"anything")
    assert not VERIFIER.verify(ED25519_ONLY.public, b"message", more, context=CONTEXT)


def test_a_public_key_that_is_none_verifies_nothing() -> None:
    pair = BOTH.sign(b"message", context=CONTEXT)
    broken = PublicKeys(ed25519=BOTH.public.ed25519, ml_dsa_65=b"short")
    assert not VERIFIER.verify(broken, b"message", pair, context=CONTEXT)


def test_a_required_signature_says_what_failed() -> None:
    pair = BOTH.sign(b"message", context=CONTEXT)
    with pytest.raises(PeerViolation, match="head of KR-1 refused: its signature"):
        require_signature(
            VERIFIER, BOTH.public, b"other", pair, context=CONTEXT, what="head of KR-1"
        )
    with pytest.raises(PeerViolation, match="its ML-DSA-65 signature is missing"):
        require_signature(
            VERIFIER,
            BOTH.public,
            b"message",
            SignaturePair(ed25519=pair.ed25519),
            context=CONTEXT,
            what="head of KR-1",
        )


def test_the_verifier_keeps_a_bounded_number_of_keys() -> None:
    verifier = CryptographyVerifier(maximum_parsed=2)
    for _ in range(5):
        signer = CryptographySigner.generate(post_quantum=False)
        pair = signer.sign(b"message", context=CONTEXT)
        assert verifier.verify(signer.public, b"message", pair, context=CONTEXT)
    assert len(verifier._parsed) <= 2


def test_what_is_sealed_opens_for_its_reader_and_its_purpose_alone() -> None:
    reader, other = CryptographyOpener(), CryptographyOpener()
    sealed = SEALER.seal(reader.public_key, b"plaintext", info=b"info")
    assert len(reader.public_key) == SEALING_KEY_BYTES
    assert reader.open(sealed, info=b"info") == b"plaintext"
    for opener, info in ((other, b"info"), (reader, b"other")):
        with pytest.raises(PeerViolation, match="does not open"):
            opener.open(sealed, info=info)


def test_sealing_twice_gives_different_bytes() -> None:
    reader = CryptographyOpener()
    one, other = (SEALER.seal(reader.public_key, b"same", info=b"") for _ in range(2))
    assert one != other
    assert len(one) == len(b"same") + 1120 + 16


def test_both_halves_of_a_sealing_key_take_part() -> None:
    """Neither a broken X25519 nor a broken ML-KEM alone opens anything."""
    reader, other = CryptographyOpener(), CryptographyOpener()
    mixed = reader.public_key[:1184] + other.public_key[1184:]
    sealed = SEALER.seal(mixed, b"plaintext", info=b"")
    for opener in (reader, other):
        with pytest.raises(PeerViolation):
            opener.open(sealed, info=b"")


def test_what_is_no_sealing_key_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="of 5 bytes"):
        SEALER.seal(b"short", b"plaintext", info=b"")
    with pytest.raises(PeerViolation, match="is no key"):
        SEALER.seal(b"\xff" * SEALING_KEY_BYTES, b"plaintext", info=b"")
