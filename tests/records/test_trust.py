"""Whom we believe: one key per name and instant, nothing unknown, nothing out of date."""

import pytest
from tests.records.made_up_nations import DAY_NS, KR, NOW, US, VERIFIER, nation, trust

from bongsu.adapters.keys.cryptography_keys import CryptographySigner
from bongsu.records.certificate import Role, SignedCertificate, issue_certificate
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

EXERCISE = Realm.EXERCISE
KEYS = nation(KR, EXERCISE)


def certified(
    not_before: int, not_after: int, signer: CryptographySigner, subject: str = "KR-1"
) -> SignedCertificate:
    return issue_certificate(
        KEYS.root,
        realm=EXERCISE,
        role=Role.NODE,
        subject=subject,
        keys=signer.public,
        not_before=UtcNs(not_before),
        not_after=UtcNs(not_after),
    )


def built(*certificates: SignedCertificate) -> TrustStore:
    return TrustStore.build(
        EXERCISE, roots=KEYS.certificates[:1], certificates=certificates, verifier=VERIFIER
    )


def test_keys_are_found_by_role_and_name() -> None:
    store = trust(EXERCISE)
    assert store.keys_of(Role.NODE, "KR-1", at=NOW) == KEYS.node.public
    assert store.keys_of(Role.SENSOR, "KR-RADAR-1", at=NOW) == KEYS.sensor.public
    assert store.nations == {"KR", "US", "JP"}


@pytest.mark.parametrize(
    ("role", "subject"),
    [(Role.NODE, "KR-3"), (Role.SENSOR, "KR-1"), (Role.OFFICER, "KR-1"), (Role.NODE, "")],
)
def test_an_unknown_name_or_a_name_in_another_role_is_refused(role: Role, subject: str) -> None:
    with pytest.raises(PeerViolation, match="is unknown in the exercise realm"):
        trust(EXERCISE).keys_of(role, subject, at=NOW)


def test_a_key_counts_from_its_first_instant_to_just_before_its_last() -> None:
    store = trust(EXERCISE)
    first, last = UtcNs(NOW - DAY_NS), UtcNs(NOW + DAY_NS)
    store.keys_of(Role.NODE, "KR-1", at=first)
    for outside in (UtcNs(first - 1), last):
        with pytest.raises(PeerViolation, match="is not valid at"):
            store.keys_of(Role.NODE, "KR-1", at=outside)


def test_a_renewed_key_leaves_the_past_as_it_was() -> None:
    renewed = CryptographySigner.generate()
    store = built(certified(NOW - DAY_NS, NOW, KEYS.node), certified(NOW, NOW + DAY_NS, renewed))
    assert store.keys_of(Role.NODE, "KR-1", at=UtcNs(NOW - 1)) == KEYS.node.public
    assert store.keys_of(Role.NODE, "KR-1", at=NOW) == renewed.public


def test_two_keys_of_one_name_at_one_time_are_refused() -> None:
    renewed = CryptographySigner.generate()
    with pytest.raises(PeerViolation, match="two keys of node KR-1"):
        built(certified(NOW - DAY_NS, NOW + 1, KEYS.node), certified(NOW, NOW + DAY_NS, renewed))


def test_the_same_certificate_twice_does_no_harm() -> None:
    one = certified(NOW, NOW + DAY_NS, KEYS.node)
    assert built(one, one).keys_of(Role.NODE, "KR-1", at=NOW) == KEYS.node.public


def test_certificates_of_a_nation_without_a_trusted_root_are_refused() -> None:
    with pytest.raises(PeerViolation, match="root of US is unknown"):
        built(nation(US, EXERCISE).certificates[1])


def test_two_roots_of_one_nation_are_refused() -> None:
    other = CryptographySigner.generate()
    usurper = issue_certificate(
        other,
        realm=EXERCISE,
        role=Role.ROOT,
        subject=KR,
        keys=other.public,
        not_before=UtcNs(NOW - DAY_NS),
        not_after=UtcNs(NOW + DAY_NS),
    )
    with pytest.raises(PeerViolation, match="two roots of one nation"):
        TrustStore.build(
            EXERCISE,
            roots=[KEYS.certificates[0], usurper],
            certificates=[],
            verifier=VERIFIER,
        )


def test_nothing_is_certified_beyond_its_root() -> None:
    with pytest.raises(PeerViolation, match="beyond what its root"):
        built(certified(NOW, NOW + 2 * DAY_NS, KEYS.node))


def test_a_second_root_cannot_come_in_as_a_certificate() -> None:
    smuggled = issue_certificate(
        KEYS.root,
        realm=EXERCISE,
        role=Role.ROOT,
        subject=KR,
        keys=CryptographySigner.generate().public,
        not_before=NOW,
        not_after=UtcNs(NOW + DAY_NS),
    )
    with pytest.raises(PeerViolation):
        built(smuggled)
