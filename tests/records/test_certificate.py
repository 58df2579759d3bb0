"""A root certifies its own nation, in its own realm, with whole keys, and nothing else."""

import msgspec
import pytest
from tests.records.made_up_nations import DAY_NS, KR, NOW, US, VERIFIER, nation

from bongsu.records.certificate import (
    CERTIFICATE,
    Certificate,
    Role,
    SignedCertificate,
    fingerprint,
    issue_certificate,
    open_certificate,
    open_root,
)
from bongsu.records.keys import PublicKeys, Purpose, context_for
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

EXERCISE = Realm.EXERCISE


def forged(**changes: object) -> SignedCertificate:
    """KR's root signs a certificate that `issue_certificate` would not make."""
    certificate = CERTIFICATE.decode(nation(KR, EXERCISE).certificates[1].certificate)
    data = CERTIFICATE.encode(msgspec.structs.replace(certificate, **changes))
    context = context_for(EXERCISE, Purpose.CERTIFICATE)
    root = nation(KR, EXERCISE).root
    return SignedCertificate(certificate=data, signatures=root.sign(data, context=context))


def opened(signed: SignedCertificate) -> Certificate:
    root = nation(KR, EXERCISE).root.public
    return open_certificate(signed, realm=EXERCISE, nation=KR, root=root, verifier=VERIFIER)


def test_a_certificate_opens_under_its_own_root() -> None:
    certificate = opened(nation(KR, EXERCISE).certificates[1])
    assert (certificate.subject, certificate.role) == ("KR-1", Role.NODE)
    assert certificate.keys == nation(KR, EXERCISE).node.public


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": "US-1"}, "cannot certify"),
        ({"nation": "US", "subject": "US-1"}, "cannot certify"),
        ({"subject": "KRX-1"}, "cannot certify"),
        ({"realm": Realm.LIVE}, "marked LIVE"),
        ({"not_before": UtcNs(5), "not_after": UtcNs(5)}, "valid at no time"),
        ({"keys": nation(KR, EXERCISE).sensor.public}, "lacks a whole ML-DSA-65 key"),
        (
            {"role": Role.SENSOR, "keys": PublicKeys(ed25519=bytes(32), ml_dsa_65=b"x")},
            "lacks a whole ML-DSA-65 key",
        ),
        ({"version": 2}, "<= 1"),
        ({"subject": "KR-1\n"}, "regex"),
        ({"subject": "KR-../../etc"}, "regex"),
    ],
)
def test_what_a_root_may_not_say_is_refused_although_it_signed(
    changes: dict[str, object], why: str
) -> None:
    with pytest.raises(PeerViolation, match=why):
        opened(forged(**changes))


def test_another_nations_root_cannot_stand_in() -> None:
    signed = nation(US, EXERCISE).certificates[1]
    with pytest.raises(PeerViolation, match="does not verify"):
        opened(signed)


def test_a_certificate_without_its_post_quantum_signature_is_refused() -> None:
    signed = nation(KR, EXERCISE).certificates[1]
    stripped = msgspec.structs.replace(
        signed, signatures=msgspec.structs.replace(signed.signatures, ml_dsa_65=b"")
    )
    with pytest.raises(PeerViolation, match="ML-DSA-65 signature is missing"):
        opened(stripped)


def test_a_node_certificate_is_no_root() -> None:
    with pytest.raises(PeerViolation, match="is not a national root"):
        open_root(nation(KR, EXERCISE).certificates[1], realm=EXERCISE, verifier=VERIFIER)


def test_a_root_must_have_signed_itself() -> None:
    root = nation(KR, EXERCISE).certificates[0]
    other = nation(US, EXERCISE).certificates[0]
    mixed = SignedCertificate(certificate=root.certificate, signatures=other.signatures)
    with pytest.raises(PeerViolation, match="does not verify"):
        open_root(mixed, realm=EXERCISE, verifier=VERIFIER)


@pytest.mark.parametrize(
    ("subject", "role"), [("kr-1", Role.NODE), ("KR/1", Role.NODE), ("", Role.ROOT)]
)
def test_issuing_a_name_that_no_reader_accepts_is_our_own_misuse(subject: str, role: Role) -> None:
    signer = nation(KR, EXERCISE)
    with pytest.raises(LocalMisuse):
        issue_certificate(
            signer.root,
            realm=EXERCISE,
            role=role,
            subject=subject,
            keys=signer.node.public,
            not_before=NOW,
            not_after=UtcNs(NOW + DAY_NS),
        )


def test_fingerprints_tell_keys_apart_and_can_be_read_aloud() -> None:
    first, second = nation(KR, EXERCISE).node.public, nation(US, EXERCISE).node.public
    assert fingerprint(first) != fingerprint(second)
    assert [len(group) for group in fingerprint(first).split(" ")] == [8] * 8
