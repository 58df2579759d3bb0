"""Drafts and signatures come in any order, again, forged, from anybody: agreed is agreed."""

from collections.abc import Iterable

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.protocols.made_up_drafts import draft, signed_by
from tests.records.made_up_nations import (
    DAY_NS,
    JP,
    JP_1,
    KR,
    KR_1,
    NOW,
    US,
    US_1,
    VERIFIER,
    nation,
    trust,
)

from bongsu.protocols.guideline_agreement import (
    MAXIMUM_DRAFTS_OF_ONE,
    MAXIMUM_SIGNED_BY_ONE,
    GuidelineAgreement,
    step,
)
from bongsu.protocols.guideline_events import (
    AgreedRead,
    DraftArrived,
    Effect,
    Event,
    Refuse,
    SignatureArrived,
    TakeAgreed,
    TellDraft,
    TellInForce,
    TellSigned,
    TimePassed,
)
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.guideline_signing import open_agreed_guideline
from bongsu.records.keys import Purpose, context_for
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NationId, NodeId, UtcNs

EXERCISE = Realm.EXERCISE
TEXT = draft()


def run(
    *events: Event,
    state: GuidelineAgreement | None = None,
    now: UtcNs = NOW,
    believed: TrustStore | None = None,
) -> tuple[GuidelineAgreement, list[Effect]]:
    state = state or GuidelineAgreement(nation=KR)
    effects: list[Effect] = []
    for event in events:
        state, more = step(
            state, event, now=now, trust=believed or trust(EXERCISE), verifier=VERIFIER
        )
        effects += more
    return state, effects


def proposed(text: bytes = TEXT, proposer: NodeId = US_1) -> DraftArrived:
    return DraftArrived(text=text, proposer=proposer)


def signed(name: NationId, text: bytes = TEXT, bringer: NodeId = US_1) -> SignatureArrived:
    return SignatureArrived(signature=signed_by(name, text), bringer=bringer)


def agreed(text: bytes, *names: NationId) -> AgreedGuideline:
    return open_agreed_guideline(
        text,
        [signed_by(name, text) for name in names or (KR, US)],
        trust=trust(EXERCISE),
        verifier=VERIFIER,
    )


def agreed_by_link(text: bytes) -> tuple[Event, ...]:
    return proposed(text), signed(KR, text), signed(US, text)


def of(kind: type[Effect], effects: Iterable[Effect]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, kind)]


def why(effects: Iterable[Effect]) -> str:
    [refused] = of(Refuse, effects)
    assert isinstance(refused, Refuse)
    return refused.error.what


def test_a_draft_with_every_signature_is_agreed_and_in_force() -> None:
    state, effects = run(*agreed_by_link(TEXT))
    whole = agreed(TEXT)
    assert effects == [
        TellDraft(guideline=whole.guideline, proposer=US_1),
        TellSigned(
            officer="KR-OFFICER-1",
            text_sha256=next(iter(run(proposed())[0].drafts)),
            guideline=whole.guideline,
        ),
        TellSigned(
            officer="US-OFFICER-1",
            text_sha256=next(iter(run(proposed())[0].drafts)),
            guideline=whole.guideline,
        ),
        TakeAgreed(agreed=whole),
        TellInForce(holds=whole, superseded=None),
    ]
    assert state.agreed == (whole,)
    assert state.holds == whole
    assert not state.drafts
    assert not state.signed


def test_one_missing_signature_leaves_a_draft() -> None:
    state, effects = run(proposed(), signed(US))
    assert not of(TakeAgreed, effects)
    assert state.holds is None
    assert len(state.drafts) == 1


@given(order=st.permutations([*agreed_by_link(TEXT), *agreed_by_link(draft(2))] * 2))
def test_neither_order_nor_repetition_changes_what_is_agreed_and_holds(order: list[Event]) -> None:
    state, effects = run(*order)
    assert len(of(TakeAgreed, effects)) == len(state.agreed)
    assert state.holds == agreed(draft(2))
    texts = {one.guideline.text for one in state.agreed}
    assert draft(2) in texts
    assert texts <= {TEXT, draft(2)}


def test_whoever_brings_a_signature_it_counts_by_itself() -> None:
    state, _ = run(proposed(proposer=KR_1), signed(KR, bringer=US_1), signed(US, bringer=JP_1))
    assert state.holds == agreed(TEXT)


def test_a_forged_signature_is_refused_and_changes_nothing() -> None:
    forged = signed_by(US, TEXT)
    forged = msgspec.structs.replace(
        forged,
        signatures=nation(US, EXERCISE).node.sign(
            forged.approval, context=context_for(EXERCISE, Purpose.GUIDELINE)
        ),
    )
    before, _ = run(proposed(), signed(KR))
    state, effects = run(SignatureArrived(signature=forged, bringer=US_1), state=before)
    assert "does not verify" in why(effects)
    assert state == before


def test_a_signature_of_the_other_realm_is_refused() -> None:
    live = draft(realm=Realm.LIVE)
    signature = signed_by(US, live, realm=Realm.LIVE)
    _, effects = run(SignatureArrived(signature=signature, bringer=US_1))
    assert "marked LIVE" in why(effects)


def test_a_draft_of_the_other_realm_or_of_no_sense_is_refused() -> None:
    assert "marked LIVE" in why(run(proposed(draft(realm=Realm.LIVE)))[1])
    assert "guideline refused" in why(run(proposed(b"KR shares everything"))[1])


def test_a_draft_that_we_are_no_party_to_is_none_of_ours() -> None:
    assert "KR is no party" in why(run(proposed(draft(parties=("US", "JP"))))[1])


def test_a_signature_of_a_nation_that_is_no_party_neither_helps_nor_harms() -> None:
    state, effects = run(proposed(), signed(JP), signed(KR), signed(US))
    assert not of(Refuse, effects)
    assert state.holds == agreed(TEXT)


def test_a_later_version_supersedes_and_an_older_draft_gives_its_place_up() -> None:
    second, third = draft(2), draft(3)
    state, _ = run(*agreed_by_link(TEXT), proposed(second), signed(US, second))
    state, effects = run(*agreed_by_link(third), state=state)
    assert effects[-1] == TellInForce(holds=agreed(third), superseded=agreed(TEXT))
    assert not state.drafts
    assert not state.signed
    assert "a later version holds" in why(run(proposed(second), state=state)[1])


def test_a_guideline_that_was_signed_ahead_holds_from_its_time_on() -> None:
    ahead = draft(2, valid_from="2023-11-14T22:14:20Z")  # a minute after NOW
    state, effects = run(*agreed_by_link(TEXT), *agreed_by_link(ahead))
    assert state.holds == agreed(TEXT)
    assert len(of(TakeAgreed, effects)) == 2
    state, effects = run(TimePassed(), state=state, now=UtcNs(NOW + 59 * NS_PER_S))
    assert effects == []
    state, effects = run(TimePassed(), state=state, now=UtcNs(NOW + 60 * NS_PER_S))
    assert effects == [TellInForce(holds=agreed(ahead), superseded=agreed(TEXT))]


def test_two_texts_of_one_version_contradict_each_other_and_people_are_told() -> None:
    other = draft(remark="# another\n")
    state, effects = run(*agreed_by_link(TEXT), *agreed_by_link(other))
    assert effects[-1] == TellInForce(holds=None, superseded=agreed(TEXT))
    assert state.holds is None


def test_what_the_trust_folder_holds_is_agreed_like_what_came_by_link() -> None:
    state, effects = run(AgreedRead(agreed=agreed(TEXT)), *agreed_by_link(TEXT))
    assert effects == [
        TakeAgreed(agreed=agreed(TEXT)),
        TellInForce(holds=agreed(TEXT), superseded=None),
    ]
    assert state.agreed == (agreed(TEXT),)


def test_one_partner_fills_its_own_share_of_drafts_and_nobody_elses() -> None:
    flood = [proposed(draft(number, name="FLOOD")) for number in range(1, 40)]
    state, effects = run(*flood)
    assert len(state.drafts) == MAXIMUM_DRAFTS_OF_ONE
    assert len(of(Refuse, effects)) == 39 - MAXIMUM_DRAFTS_OF_ONE
    state, effects = run(
        proposed(proposer=JP_1),
        signed(KR),
        signed(US),
        proposed(draft(50, name="B"), KR_1),
        state=state,
    )
    assert not of(Refuse, effects)
    assert state.holds == agreed(TEXT)


def test_a_known_draft_that_another_proposes_too_takes_no_further_place() -> None:
    state, effects = run(proposed(proposer=US_1), proposed(proposer=KR_1))
    [known] = state.drafts.values()
    assert known.proposers == (US_1, KR_1)
    assert len(of(TellDraft, effects)) == 1


def test_signatures_of_texts_that_never_come_are_bounded_and_harm_no_other() -> None:
    never = [
        SignatureArrived(
            signature=signed_by(US, draft(number), signed_at=UtcNs(NOW + number)), bringer=US_1
        )
        for number in range(1, MAXIMUM_SIGNED_BY_ONE + 6)
    ]
    state, effects = run(*never)
    assert not of(Refuse, effects)
    assert len(state.signed) == MAXIMUM_SIGNED_BY_ONE
    state, _ = run(*agreed_by_link(draft(60)), state=state)
    assert state.holds == agreed(draft(60))


def test_a_signature_by_a_key_that_counts_no_more_does_not_agree() -> None:
    """The officer's certificate was good when the signature came and is gone when it matters."""
    before, _ = run(proposed(), signed(US))
    without_us = TrustStore.build(
        EXERCISE,
        roots=[nation(name, EXERCISE).certificates[0] for name in (KR, US)],
        certificates=nation(KR, EXERCISE).certificates[1:],
        verifier=VERIFIER,
    )
    state, effects = run(signed(KR), state=before, believed=without_us)
    assert not of(TakeAgreed, effects)
    state, _ = run(signed(KR), state=state)  # the certificate is back: nothing was lost
    assert state.holds == agreed(TEXT)


def test_time_alone_never_agrees() -> None:
    state, _ = run(proposed(), signed(US))
    assert run(TimePassed(), state=state, now=UtcNs(NOW + DAY_NS)) == (state, [])
