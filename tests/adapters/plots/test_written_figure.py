import pytest

from bongsu.adapters.plots.written_figure import read_figure


@pytest.mark.parametrize(
    ("text", "value", "rounding"),
    [
        ("2111.5", 2111.5, 0.05),
        ("67.50", 67.5, 0.005),
        ("787", 787.0, 0.5),
        ("970", 970.0, 5.0),
        ("4500", 4500.0, 50.0),
        ("6000", 6000.0, 50.0),
        ("1000", 1000.0, 50.0),
        ("100", 100.0, 5.0),
        ("60", 60.0, 0.5),
        ("9", 9.0, 0.5),
        ("0", 0.0, 0.5),
        ("6,248.5", 6248.5, 0.05),
        ("6,200", 6200.0, 50.0),
        ("1080-1100", 1090.0, 10.0),
        ("1100 - 1080", 1090.0, 10.0),
        ("1,080\N{EN DASH}1,100", 1090.0, 10.0),
    ],
)
def test_the_writing_tells_the_rounding(text: str, value: float, rounding: float) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert figure.value == pytest.approx(value)
    assert figure.rounding == pytest.approx(rounding)


def test_clock_minutes_are_a_minute_either_way_unless_decimals_say_more() -> None:
    whole, finer = read_figure("71", whole_rounding=1.0), read_figure("67.5", whole_rounding=1.0)
    assert whole is not None
    assert finer is not None
    assert (whole.rounding, finer.rounding) == (1.0, 0.05)


@pytest.mark.parametrize(
    "text",
    ["", "nan", "inf", "1e3", "-5", "+5", "67,5", "1,23", "about 70", "70 min", "٣", "1-2-3"],
)
def test_anything_else_is_no_figure(text: str) -> None:
    assert read_figure(text) is None
