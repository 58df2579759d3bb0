"""Attack: a clock that is off by an hour, runs back, or lies.

Passes when order follows the chain whatever the times say, and when a record whose time can't be
right is flagged: it is shown with the doubt in words, never silently accepted as it is and never
dropped. A clock that is off is shown within 3 s and stops no warning, in either direction.

Plots from the future, and our own clock under suspicion when two sensors agree on one, are in
`tests/tracking/intake/test_door.py`.
"""

from dataclasses import replace

import msgspec
import pytest
from tests.node.made_up_world import EXERCISE, Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import KR, KR_1, NOW, US_1, WARNING, nation, warning_record

from bongsu.protocols.stated_times import MAXIMUM_OFF_NS, PartnerClock, time_doubts
from bongsu.records.record import STATEMENT, Record, sign_statement
from bongsu.vocabulary.units import NS_PER_S, UtcNs, after_seconds

HOUR_S = 3_600.0
SKEW = "its clock and ours disagree"


def version(number: int, *, signed_s: float) -> Record:
    """A version of Korea's warning that says it was signed so long after NOW."""
    record = warning_record(warning=replace(WARNING, version=number), signed=False)
    statement = msgspec.structs.replace(
        STATEMENT.decode(record.statement), signed_at=after_seconds(NOW, signed_s)
    )
    data = STATEMENT.encode(statement)
    signatures = sign_statement(data, nation(KR, EXERCISE).node, realm=EXERCISE)
    return Record(statement=data, disclosures=record.disclosures, signatures=signatures)


def shown(machine: Machine) -> list[tuple[int, tuple[str, ...]]]:
    """Versions in the order in which people saw them, and what was doubted."""
    return [
        (line["warning"].version, line["time_doubts"])
        for line in machine.journal.of("partner_warning")
    ]


@pytest.mark.parametrize("off_s", [HOUR_S, -HOUR_S], ids=["ahead", "behind"])
def test_a_clock_that_is_an_hour_off_is_shown_and_stops_no_warning_in_either_direction(
    off_s: float,
) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        korea.clock.skew_ns = round(off_s * NS_PER_S)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        for machine, partner in ((korea, US_1), (states, KR_1)):
            assert SKEW in machine.services.health.link_faults[partner]
        await korea.sees(korea.observed())
        await states.sees(states.observed("T9"))
        await pass_time(3.0)
        for machine, partner, speaker in ((states, KR_1, korea), (korea, US_1, states)):
            assert len(machine.warnings_of(partner)) == len(speaker.warnings_of(partner)) >= 1
            for _, doubts in shown(machine):
                assert "its node's clock and ours disagree" in doubts
        world.time.advance_s(700.0)  # keys are renewed meanwhile
        await pass_time(3.0)
        await korea.sees(korea.observed("T2"))
        await pass_time(3.0)
        assert len(states.warnings_of(KR_1)) == len(korea.warnings_of(KR_1)) >= 2

    play(story)


def test_a_clock_that_runs_back_an_hour_is_shown_and_its_warnings_go_on_arriving() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        assert [doubts for _, doubts in shown(states)] == [()]
        korea.clock.skew_ns = round(-HOUR_S * NS_PER_S)
        await korea.sees(korea.observed(), korea.observed("T2"))
        await pass_time(3.0)
        assert len(states.warnings_of(KR_1)) == len(korea.warnings_of(KR_1)) >= 2
        [doubt] = shown(states)[-1][1]
        assert "before the record that it follows" in doubt

    play(story)


def test_order_follows_the_chain_whatever_the_times_say_and_each_doubt_is_in_words() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        times_s = (0.0, HOUR_S, -HOUR_S, 0.0)
        for number, signed_s in enumerate(times_s, start=1):
            korea.sends(version(number, signed_s=signed_s))
        await pass_time()
        assert [number for number, _ in shown(states)] == [1, 2, 3, 4]
        doubts = [reasons for _, reasons in shown(states)]
        assert doubts[0] == doubts[3] == ()
        assert doubts[1] == ("signed 3600 s after our own time",)
        assert doubts[2] == ("signed 7200 s before the record that it follows",)
        assert states.refused() == 0
        [kept] = states.node._watch.desk.partner_warnings.values()
        assert kept.warning.version == 4

    play(story)


def test_a_record_that_waited_an_hour_for_its_link_is_not_doubted() -> None:
    assert (
        time_doubts(
            UtcNs(NOW - round(HOUR_S) * NS_PER_S),
            before=None,
            received_at=NOW,
            clocks_disagree=False,
        )
        == ()
    )


def test_a_time_that_no_key_covers_is_refused_told_and_kept() -> None:
    """Two days ahead there is no certificate: nobody can have signed it then."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        PlayedKorea(states).sends(version(1, signed_s=48 * HOUR_S))
        await pass_time()
        assert shown(states) == []
        [line] = states.journal.of("refused")
        assert "is not valid at" in line["reason"]
        assert len(states.disk.evidence) == 1

    play(story)


def test_a_partners_clock_is_followed_within_two_hours() -> None:
    assert PartnerClock(ahead_ns=round(HOUR_S) * NS_PER_S).now(NOW) == after_seconds(NOW, HOUR_S)
    assert PartnerClock(ahead_ns=2 * MAXIMUM_OFF_NS).now(NOW) == NOW


def test_a_recorded_head_tells_nothing_about_its_senders_clock() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        korea = PlayedKorea(states)
        recorded = korea.head()
        await pass_time(600.0)
        korea.beats()
        states.brings(KR_1, "head", recorded)
        states.brings(KR_1, "key", korea.announcement())
        await pass_time()
        assert states.refused() == 0  # by the recording it would be ten minutes old at its birth

    play(story)
