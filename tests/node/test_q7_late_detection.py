"""Q7: what is detected late is said at once, with the age of its data and the time left."""

from dataclasses import replace

import pytest
from tests.node.made_up_world import World, pass_time, play
from tests.protocols.made_up_tracks import impact
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.vocabulary.launch_warning import Confirmation
from bongsu.vocabulary.units import after_seconds, seconds_between


@pytest.mark.parametrize("left_s", [45.0, 5.0, -20.0])
def test_q7_a_late_detection_is_on_both_partners_disks_at_once_with_age_and_time_left(
    left_s: float,
) -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        now = korea.clock.utc()
        late = korea.observed(
            first_observed_at=after_seconds(now, -8.0),
            last_observed_at=after_seconds(now, -6.0),
            impact=replace(impact(), at=after_seconds(now, left_s)),
        )
        await korea.sees(late)
        await pass_time(0.02)
        [own] = korea.journal.of("own_warning")
        said = own["warning"]
        assert said.confirmation is Confirmation.SINGLE_SOURCE  # and it waited for no other
        assert seconds_between(said.stated_at, said.data_at) == pytest.approx(6.0, abs=0.01)
        assert seconds_between(said.impact.at, said.stated_at) == pytest.approx(left_s, abs=0.01)
        for reader in (states, japan):
            [shown] = reader.journal.of("partner_warning")
            assert shown["warning"].data_at == said.data_at
            assert shown["warning"].impact == said.impact
            assert shown["scenario_utc_ns"] - now <= 20_000_000

    play(story)


def test_q7_a_late_detection_waits_for_no_partner_even_when_every_link_is_cut() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, JP_1)
        await pass_time(20.0)
        assert len(korea.journal.of("link_fault")) == 2
        late = korea.observed(
            impact=replace(impact(), at=after_seconds(korea.clock.utc(), 30.0)),
        )
        await korea.sees(late)
        await pass_time(0.02)
        [own] = korea.journal.of("own_warning")
        assert own["plot_emitted_monotonic_ns"] == late.last_plot_emitted_at
        assert own["stored_monotonic_ns"] >= late.last_plot_emitted_at

    play(story)
