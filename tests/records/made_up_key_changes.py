"""Korea's node gets another key: renewed, or because the old one was stolen."""

from functools import cache

from tests.records.made_up_nations import DAY_NS, KR, NOW, VERIFIER, nation, trust

from bongsu.adapters.keys.cryptography_keys import CryptographySigner
from bongsu.records.certificate import Role, SignedCertificate, issue_certificate
from bongsu.records.key_statements import KeyStatements, key_statements
from bongsu.records.revocation import Cause, SignedRevocation, revoke
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, UtcNs

EXERCISE = Realm.EXERCISE
HOUR_NS = 3600 * NS_PER_S
ENDED_AT = UtcNs(NOW + HOUR_NS)  # by the clock of the machine with the root
LATER = UtcNs(NOW + 2 * HOUR_NS)


@cache
def _next_node_key(realm: Realm) -> CryptographySigner:
    return CryptographySigner.generate()


def next_node_key(realm: Realm = EXERCISE) -> CryptographySigner:
    """The key that Korea's node has after the change."""
    return _next_node_key(realm)


def ended(
    cause: Cause = Cause.REVOKED,
    *,
    ends_at: UtcNs = ENDED_AT,
    realm: Realm = EXERCISE,
    signer: CryptographySigner | None = None,
    role: Role = Role.NODE,
    subject: str = "KR-1",
) -> SignedRevocation:
    """The root of Korea ends the first key of its node, or another one."""
    return revoke(
        nation(KR, realm).root,
        realm=realm,
        role=role,
        subject=subject,
        keys=(signer or nation(KR, realm).node).public,
        cause=cause,
        ends_at=ends_at,
        reason="the machine was stolen",
    )


def next_certificate(*, begins: UtcNs = ENDED_AT, realm: Realm = EXERCISE) -> SignedCertificate:
    """The certificate of the next key."""
    return issue_certificate(
        nation(KR, realm).root,
        realm=realm,
        role=Role.NODE,
        subject="KR-1",
        keys=next_node_key(realm).public,
        not_before=begins,
        not_after=UtcNs(NOW + DAY_NS),
    )


def learnt(
    *statements: SignedCertificate | SignedRevocation, before: TrustStore | None = None
) -> TrustStore:
    """Whom somebody believes once he has learnt of these."""
    return (before or trust(EXERCISE)).with_statements(said(*statements), verifier=VERIFIER)


def said(*statements: SignedCertificate | SignedRevocation) -> KeyStatements:
    """Statements of a root, in any order."""
    return key_statements(
        [one for one in statements if isinstance(one, SignedCertificate)],
        [one for one in statements if isinstance(one, SignedRevocation)],
    )


def trust_after(cause: Cause = Cause.REVOKED) -> TrustStore:
    """Whom everybody believes once he has learnt of the whole change."""
    return learnt(next_certificate(), ended(cause))
