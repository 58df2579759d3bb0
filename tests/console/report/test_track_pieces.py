"""A line is drawn only where something was stated."""

from collections.abc import Iterator

from bongsu.console.demo_report import EstimatedSample
from bongsu.console.report.track_pieces import track_pieces


def sample(time_s: float, *, observed: bool = True) -> EstimatedSample:
    return EstimatedSample(
        time_s=time_s, latitude_deg=40.0, longitude_deg=130.0, altitude_km=9.0, observed=observed
    )


def times(pieces: Iterator[tuple[bool, list[EstimatedSample]]]) -> list[tuple[bool, list[float]]]:
    return [(seen, [s.time_s for s in run]) for seen, run in pieces]


def test_no_line_is_drawn_across_minutes_in_which_nothing_was_stated() -> None:
    samples = [sample(0.0), sample(5.0), sample(900.0), sample(905.0)]
    assert times(track_pieces(samples)) == [(True, [0.0, 5.0]), (True, [900.0, 905.0])]


def test_observed_and_predicted_pieces_meet_in_a_shared_point() -> None:
    samples = [sample(0.0), sample(5.0), sample(10.0, observed=False), sample(15.0, observed=False)]
    assert times(track_pieces(samples)) == [(True, [0.0, 5.0, 10.0]), (False, [10.0, 15.0])]


def test_a_lone_sample_is_no_line() -> None:
    assert times(track_pieces([sample(0.0)])) == []
