"""Attack: something of an exercise, a test or a replay comes to a live node: any kind, any path.

Passes when nothing is accepted: nothing is stored as a record, shown, or weighed by the desk; and
each refusal is counted, told in words and kept as evidence.

Here: every kind of record inside a good live frame, by each signer who might have made it, and
marks that are not ours. What other paths bring: every message between nodes and every picture of a
tracker in `tests/node/test_q1_realms_never_meet.py`; plots at a live tracker's door in
`tests/main/test_tracker_process.py`; every signed structure, both ways, in
`tests/records/test_realms.py`; real processes side by side in `tests/worlds/test_realms.py`.
"""

import pytest
from tests.node.made_up_world import EXERCISE, LIVE, Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import KR, KR_1, NOW, US_1, nation, warning_record

from bongsu.records.encoding import encode
from bongsu.records.kinds import RecordKind
from bongsu.records.lane import Lane
from bongsu.records.record import RECORD, STATEMENT, Record, Statement, sign_statement
from bongsu.vocabulary.realm import Realm

SIGNERS = {
    "by its exercise key": (EXERCISE, EXERCISE),
    "by its live key, for an exercise": (LIVE, EXERCISE),
    "by its live key, as if it were live": (LIVE, LIVE),
}


def exercise_record(kind: RecordKind, key_of: Realm, signed_for: Realm) -> Record:
    """A record of any kind that is marked EXERCISE; its fields are never come to."""
    statement = STATEMENT.encode(
        Statement(
            kind=kind, realm=EXERCISE, originator=KR_1, created_at=NOW, signed_at=NOW, digests=()
        )
    )
    signatures = sign_statement(statement, nation(KR, key_of).node, realm=signed_for)
    return Record(statement=statement, disclosures=(), signatures=signatures)


def require_refused_and_told(states: Machine, record: Record, reason: str) -> None:
    assert states.disk.records == {}
    assert states.journal.of("partner_warning") == []
    assert states.node._watch.desk.partner_warnings == {}
    assert states.refused() == 1
    [line] = states.journal.of("refused")
    assert (line["source"], line["count"]) == (KR_1, 1)
    assert reason in line["reason"]
    assert line["remedy"]
    assert [kept.payload for kept in states.disk.evidence] == [RECORD.encode(record)]


@pytest.mark.parametrize("channel", ["urgent", "bulk"])
@pytest.mark.parametrize("signer", SIGNERS)
@pytest.mark.parametrize("kind", RecordKind)
def test_an_exercise_record_of_any_kind_in_a_good_live_frame_is_refused_shown_and_kept(
    kind: RecordKind, signer: str, channel: str
) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, realm=LIVE)
        await pass_time()
        smuggled = exercise_record(kind, *SIGNERS[signer])
        PlayedKorea(states, LIVE, Lane(channel)).sends(smuggled)
        await pass_time()
        require_refused_and_told(states, smuggled, "marked EXERCISE, here is LIVE")

    play(story)


@pytest.mark.parametrize("mark", ["test", "replay", "drill", "LIVE", "live ", ""])
def test_any_mark_but_our_own_is_refused_shown_and_kept(mark: str) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, realm=LIVE)
        await pass_time()
        good = warning_record(LIVE)
        statement = good.statement.replace(encode("live"), encode(mark), 1)
        assert statement != good.statement
        signatures = sign_statement(statement, nation(KR, LIVE).node, realm=LIVE)
        marked = Record(statement=statement, disclosures=good.disclosures, signatures=signatures)
        PlayedKorea(states, LIVE).sends(marked)
        await pass_time()
        require_refused_and_told(states, marked, "statement refused")

    play(story)


def test_the_live_record_in_the_same_place_is_accepted() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, realm=LIVE)
        await pass_time()
        PlayedKorea(states, LIVE).sends(warning_record(LIVE))
        await pass_time()
        assert states.refused() == 0
        assert len(states.journal.of("partner_warning")) == 1

    play(story)
