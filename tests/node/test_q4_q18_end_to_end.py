"""Q4 and Q18 as a partner reads them: one kind never confirms, predicted is not observed."""

from dataclasses import replace

from tests.node.made_up_world import Machine, World, pass_time, play
from tests.protocols.made_up_tracks import impact, track
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.vocabulary.launch_warning import Confirmation, EndReason, WarningAction
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import SensorId, after_seconds


def seen_by(reader: Machine) -> list[SeenWarning]:
    """Korea's warnings as the reader was shown them."""
    return [
        line["warning"] for line in reader.journal.of("partner_warning") if line["origin"] == KR_1
    ]


def test_q4_one_kind_of_sensor_stays_unconfirmed_however_many_see_it() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        for number in range(1, 6):
            sensors = tuple(SensorId(f"KR-RADAR-{at}") for at in range(1, number + 1))
            await korea.sees(korea.observed(sensors=sensors))
            await pass_time(2.5)
        for reader in (states, japan):
            assert {warning.confirmation for warning in seen_by(reader)} == {
                Confirmation.SINGLE_SOURCE
            }
        await states.sees(
            states.observed(sensors=(SensorId("US-SHIP-1"),), sensor_kinds=(SensorKind.RADAR,))
        )
        await pass_time(3.0)
        assert korea.journal.of("own_warning")[-1]["warning"].confirmation is (
            Confirmation.CORROBORATED
        )
        await japan.sees(
            japan.observed(sensors=(SensorId("JP-IR-1"),), sensor_kinds=(SensorKind.INFRARED,))
        )
        await pass_time(3.0)
        assert korea.journal.of("own_warning")[-1]["warning"].confirmation is (
            Confirmation.CONFIRMED
        )
        assert seen_by(states)[-1].confirmation is Confirmation.CONFIRMED

    play(story)


def test_q18_a_lost_track_is_predicted_for_every_reader_and_its_end_is_never_observed() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        falls = replace(impact(), at=after_seconds(korea.clock.utc(), 20.0))
        seen = korea.observed(impact=falls)
        await korea.sees(seen)
        await pass_time(2.5)
        wider = replace(
            falls, ellipse=replace(falls.ellipse, semi_major_m=3 * falls.ellipse.semi_major_m)
        )
        await korea.sees(replace(seen, status=TrackStatus.PREDICTED, impact=wider))
        await pass_time(200.0)
        for reader in (states, japan):
            versions = seen_by(reader)
            assert versions[0].track_status is TrackStatus.OBSERVED
            assert {one.track_status for one in versions[1:]} == {TrackStatus.PREDICTED}
            widths = [one.impact.ellipse.semi_major_m for one in versions if one.impact]
            assert widths == sorted(widths)
            assert widths[-1] > widths[0]
            assert versions[-1].action is WarningAction.ENDED
            assert versions[-1].end_reason is EndReason.EXPIRED
            assert TrackStatus.PREDICTED.value == "predicted, not observed"
            assert EndReason.OBSERVED not in {one.end_reason for one in versions}

    play(story)


def test_q18_an_end_is_observed_only_after_somebody_saw_it_come_down() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, JP_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        low = track("T1", seen_s=0.0, height_m=3_000.0).position_ecef_m
        falls = replace(impact(), at=after_seconds(korea.clock.utc(), 6.0))
        await korea.sees(korea.observed(impact=falls))
        await pass_time(5.0)
        await korea.sees(korea.observed(impact=falls, position_ecef_m=low))
        await pass_time(60.0)
        end = seen_by(states)[-1]
        assert (end.action, end.end_reason) == (WarningAction.ENDED, EndReason.OBSERVED)

    play(story)
