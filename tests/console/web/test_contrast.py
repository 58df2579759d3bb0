"""Colours of the pages, light and dark: every text on every ground that it stands on."""

import re
from importlib.resources import files
from itertools import pairwise

import pytest

LEAST = 4.5  # WCAG 2.2, success criterion 1.4.3
TEXTS = ("ink", "soft", "alarm", "serious", "advisory", "good")
GROUNDS = ("paper", "card")


def schemes() -> dict[str, dict[str, str]]:
    """The variables of each scheme, as the built style has them."""
    style = files("bongsu.console").joinpath("data/web/page.css").read_text()
    blocks = re.findall(r":root\s*\{([^}]*)\}", style)
    light, dark = (dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,8})", one)) for one in blocks[:2])
    return {"light": light, "dark": {**light, **dark}}


def contrast(one: str, other: str) -> float:
    """Ratio of relative luminances, by WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at:to], 16) / 255 for at, to in pairwise((0, 2, 4, 6))]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_can_be_read_on_every_ground(scheme: str, ground: str, text: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[text], colours[ground]) >= LEAST
