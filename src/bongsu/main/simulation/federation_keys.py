"""Keys of a whole made-up federation, real or marked, and the guideline that it signed.

They belong to the exercise realm and exist in this process only. Everybody trusts everybody's
root, as after a comparison of fingerprints.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from bongsu.adapters.keys.cryptography_keys import (
    CryptographyOpener,
    CryptographySealer,
    CryptographySigner,
    CryptographyVerifier,
)
from bongsu.adapters.simulated.marked_keys import MarkedKeyring, MarkedSealer, MarkedVerifier
from bongsu.exercise.federation_plan import FederationPlan, guideline_text
from bongsu.records.certificate import Role, SignedCertificate, issue_certificate
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.guideline_signing import open_agreed_guideline, sign_guideline
from bongsu.records.keys import Opener, Sealer, Signer, Verifier
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NationId, UtcNs

START_UTC = UtcNs(1_700_000_000 * NS_PER_S)
YEAR_NS = 366 * 86_400 * NS_PER_S
REALM = Realm.EXERCISE


class Cryptography(Enum):
    """What signs and seals in a run."""

    REAL = "real"
    MARKED = "marked"  # a fake, some fifty times cheaper: adapters/simulated/marked_keys.py


@dataclass(frozen=True, slots=True, kw_only=True)
class NationKeys:
    """The private halves that a nation's machines hold."""

    node: Signer
    tracker: Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationKeys:
    """Everything about keys that composing a node needs."""

    nations: Mapping[NationId, NationKeys]
    trust: TrustStore
    verifier: Verifier
    sealer: Sealer
    new_opener: Callable[[], Opener]
    guideline: AgreedGuideline


@dataclass(frozen=True, slots=True, kw_only=True)
class _Makers:
    signer: Callable[..., Signer]  # with post_quantum=
    opener: Callable[[], Opener]
    sealer: Sealer
    verifier: Verifier


def make_federation_keys(
    plan: FederationPlan, cryptography: Cryptography, chance: random.Random
) -> FederationKeys:
    """Keys and certificates of every nation; the plan's guideline, signed by all of them."""
    makers = _makers(cryptography, chance)
    nations: dict[NationId, NationKeys] = {}
    officers: dict[str, Signer] = {}
    roots: list[SignedCertificate] = []
    certificates: list[SignedCertificate] = []
    for nation in plan.nations:
        root, node, officer = (makers.signer(post_quantum=True) for _ in range(3))
        tracker = makers.signer(post_quantum=False)
        nations[nation] = NationKeys(node=node, tracker=tracker)
        officers[f"{nation}-OFFICER-1"] = officer
        roots.append(_certificate(root, Role.ROOT, nation, root))
        certificates += [
            _certificate(root, Role.NODE, f"{nation}-1", node),
            _certificate(root, Role.TRACKER, f"{nation}-TRACKER-1", tracker),
            _certificate(root, Role.OFFICER, f"{nation}-OFFICER-1", officer),
        ]
    trust = TrustStore.build(
        REALM, roots=roots, certificates=certificates, verifier=makers.verifier
    )
    return FederationKeys(
        nations=nations,
        trust=trust,
        verifier=makers.verifier,
        sealer=makers.sealer,
        new_opener=makers.opener,
        guideline=_signed_by_all(guideline_text(plan), officers, trust, makers.verifier),
    )


def _makers(cryptography: Cryptography, chance: random.Random) -> _Makers:
    if cryptography is Cryptography.REAL:
        return _Makers(
            signer=CryptographySigner.generate,
            opener=CryptographyOpener,
            sealer=CryptographySealer(),
            verifier=CryptographyVerifier(),
        )
    keyring = MarkedKeyring()
    return _Makers(
        signer=lambda *, post_quantum: keyring.new_signer(
            chance.randbytes, post_quantum=post_quantum
        ),
        opener=lambda: keyring.new_opener(chance.randbytes),
        sealer=MarkedSealer(keyring),
        verifier=MarkedVerifier(keyring),
    )


def _certificate(root: Signer, role: Role, subject: str, of: Signer) -> SignedCertificate:
    return issue_certificate(
        root,
        realm=REALM,
        role=role,
        subject=subject,
        keys=of.public,
        not_before=UtcNs(START_UTC - YEAR_NS),
        not_after=UtcNs(START_UTC + YEAR_NS),
    )


def _signed_by_all(
    text: bytes, officers: Mapping[str, Signer], trust: TrustStore, verifier: Verifier
) -> AgreedGuideline:
    signatures = [
        sign_guideline(text, signer, realm=REALM, officer=officer, signed_at=START_UTC)
        for officer, signer in officers.items()
    ]
    return open_agreed_guideline(text, signatures, trust=trust, verifier=verifier)
