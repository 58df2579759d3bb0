"""Made-up drafts of guidelines, and officers of made-up nations who sign them."""

from functools import cache

from tests.records.made_up_guideline import guideline_text, rule
from tests.records.made_up_nations import NOW, nation

from bongsu.records.guideline_signing import GuidelineSignature, sign_guideline
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

EXERCISE = Realm.EXERCISE


def draft(
    version: int = 1,
    *,
    name: str = "A",
    parties: tuple[str, ...] = ("KR", "US"),
    valid_from: str = "2022-01-01T00:00:00Z",
    realm: Realm = EXERCISE,
    remark: str = "",
) -> bytes:
    return guideline_text(
        realm,
        name=name,
        version=version,
        valid_from=valid_from,
        parties=", ".join(f'"{party}"' for party in parties),
        rules=rule(parties[0], parties[1]) + remark,
    )


@cache
def signed_by(
    name: NationId, text: bytes, *, realm: Realm = EXERCISE, signed_at: UtcNs = NOW
) -> GuidelineSignature:
    return sign_guideline(
        text,
        nation(name, realm).officer,
        realm=realm,
        officer=f"{name}-OFFICER-1",
        signed_at=signed_at,
    )
