"""Keys of a made-up federation: every nation's own, the exchange of public parts, a guideline.

In a real federation each nation runs `bongsu keys init` at home and nobody ever holds the
keys of two. Here one machine plays all of them, so the realm is always the exercise one.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import (
    read_agreed_guideline,
    read_signer,
    read_trust,
    write_guideline,
)
from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.nation_keys import NationKeys, make_nation_keys
from bongsu.adapters.keys.trust_folder import trust_nations
from bongsu.records.certificate import Role
from bongsu.records.guideline_signing import GuidelineSignature, sign_guideline
from bongsu.records.guideline_succession import in_force_at
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

SITE = 1
DEMO_SENSORS: Mapping[NationId, tuple[str, ...]] = {
    NationId("KR"): ("KR-RADAR-1",),
    NationId("US"): ("US-IR-1", "US-IR-2", "US-SHIP-1"),
    NationId("JP"): ("JP-RADAR-1", "JP-SHIP-1"),
}


def officer_name(nation: NationId) -> str:
    """The release officer that a nation's keys are made with by default."""
    return f"{nation}-OFFICER-1"


def demo_guideline() -> bytes:
    """The guideline text that ships with the package."""
    return files("bongsu.exercise").joinpath("data", "guideline.toml").read_bytes()


def make_demo_federation(
    out: Path,
    *,
    now: UtcNs,
    sensors: Mapping[NationId, Sequence[str]] = DEMO_SENSORS,
) -> tuple[NationKeys, ...]:
    """Make `out`/NATION for every nation of `sensors`, each trusting all, guideline signed.

    Exercise realm only. Raises LocalMisuse where keys exist, or where the shipped guideline
    is not one between these nations.
    """
    made = tuple(
        make_nation_keys(
            NationPlan(
                nation=nation,
                realm=Realm.EXERCISE,
                site=SITE,
                sensors=tuple(names),
                officers=(officer_name(nation),),
            ),
            out / nation,
            now=now,
        )
        for nation, names in sensors.items()
    )
    publics = tuple(keys.folders.public for keys in made)
    text = demo_guideline()
    signatures = [_approval(keys.folders, text, now) for keys in made]
    for keys in made:
        trust_nations(keys.folders, publics, realm=Realm.EXERCISE)
        write_guideline(keys.folders.trust, text, signatures)
        _require_in_force(keys.folders, now)
    return made


def _approval(folders: KeyFolders, text: bytes, now: UtcNs) -> GuidelineSignature:
    officer = officer_name(folders.nation)
    signer = read_signer(folders.of(Role.OFFICER, officer))
    return sign_guideline(text, signer, realm=Realm.EXERCISE, officer=officer, signed_at=now)


def _require_in_force(folders: KeyFolders, now: UtcNs) -> None:
    verifier = CryptographyVerifier()
    trust = read_trust(folders.trust, realm=Realm.EXERCISE, verifier=verifier)
    agreed = read_agreed_guideline(folders.trust, trust=trust, verifier=verifier)
    if agreed is None or in_force_at((agreed,), nation=folders.nation, at=now) is None:
        raise LocalMisuse(
            f"no guideline is in force in {folders.trust}", remedy="Make the federation's keys anew"
        )
