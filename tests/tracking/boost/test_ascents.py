import numpy as np

from bongsu.tracking.boost.ascents import Look, climbs_of, generic_ascents
from bongsu.tracking.boost.ensemble import generic_ensemble

KERNEL = np.diag(np.square([0.07, 0.12, 0.18]))


def test_generic_launchers_turn_over_and_reach_the_speed_of_an_orbit() -> None:
    ascents = generic_ascents()
    assert ascents.looks.shape[1] >= 40
    at_100 = ascents.looks[100][ascents.flies[100]]
    assert np.degrees(at_100[:, 0].max()) < 80.0
    last = ascents.flies.sum(axis=0) - 1 + np.argmax(ascents.flies, axis=0)
    final = ascents.looks[last, np.arange(len(last))]
    speed = np.exp(final[:, 1])
    assert speed.min() > 6_500.0  # over the turning ground, 60 degrees from north
    assert speed.max() < 8_200.0
    assert np.degrees(np.abs(final[:, 0])).max() < 12.0


def test_a_look_is_likelier_where_boosts_are_and_nothing_burns_for_ever() -> None:
    climbs = climbs_of(generic_ensemble())
    member = climbs.looks[80][climbs.flies[80]][5]
    near, far = (
        Look(since_launch_s=80.0, components=member + off, covariance=np.zeros((3, 3)))
        for off in (0.0, 1.5)
    )
    assert climbs.likeness(near, KERNEL) > 100.0 * climbs.likeness(far, KERNEL)
    shares = [climbs.share_flying(seconds) for seconds in (50.0, 70.0, 150.0, 300.0, 5_000.0)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0.0
    assert generic_ascents().share_flying(300.0) > climbs.share_flying(300.0)


def test_missiles_end_once_and_launchers_stages_where_others_follow() -> None:
    ensemble, ascents = generic_ensemble(), generic_ascents()
    assert len(climbs_of(ensemble).ends) == len(ensemble.profile)
    speed_mps, time_s = np.exp(ascents.ends[:, 1]), np.exp(ascents.ends[:, 3])
    assert len(ascents.ends) > ascents.looks.shape[1]
    assert speed_mps.max() < 6_000.0
    assert 60.0 < time_s.min() < time_s.max() < 320.0
