"""Scales and ticks of the page's charts."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from bongsu.console.html_text import Html, element, joined

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MAXIMUM_TICKS = 24
TickText = Callable[[float], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From a value to a pixel; by its logarithm where `logarithmic`."""

    low: float
    high: float
    start_px: float
    end_px: float
    logarithmic: bool = False

    def px(self, value: float) -> float:
        """The pixel of a value; values beyond the ends stay at the ends."""
        low, high = self._of(self.low), self._of(self.high)
        part = (self._of(value) - low) / (high - low) if high > low else 0.5
        part = min(1.0, max(0.0, part)) if isfinite(part) else 0.0
        return self.start_px + part * (self.end_px - self.start_px)

    def _of(self, value: float) -> float:
        return log10(max(value, 1e-9)) if self.logarithmic else value


def linear_ticks(low: float, high: float, *, about: int) -> list[float]:
    """Round values between the ends, near `about` of them."""
    if not (isfinite(low) and isfinite(high)) or high <= low:
        return []
    raw = (high - low) / max(1, about)
    power = 10.0 ** floor(log10(raw))
    step = next(power * s for s in _STEPS if power * s >= raw)
    first = ceil(low / step - 1e-9)
    count = min(MAXIMUM_TICKS, floor(high / step + 1e-9) - first + 1)
    return [(first + number) * step for number in range(count)]


def decade_ticks(low: float, high: float) -> list[float]:
    """Powers of ten between the ends."""
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    return [10.0**power for power in range(first, min(last, first + MAXIMUM_TICKS) + 1)]


def minute_ticks(low_s: float, high_s: float, *, about: int) -> list[float]:
    """Whole minutes between the ends, in seconds."""
    minutes = (high_s - low_s) / 60
    step = next((s for s in (1, 2, 5, 10, 15, 30, 60) if minutes / s <= about), 120)
    first = ceil(low_s / (60 * step))
    last = min(floor(high_s / (60 * step)), first + MAXIMUM_TICKS)
    return [60.0 * step * number for number in range(first, last + 1)]


def horizontal_axis(
    scale: Scale,
    ticks: list[float],
    *,
    top_px: float,
    bottom_px: float,
    text: TickText,
) -> Html:
    """Upright grid lines with a text under each."""
    parts = []
    for tick in ticks:
        x = scale.px(tick)
        parts.append(element("line", x1=x, x2=x, y1=top_px, y2=bottom_px, class_="grid"))
        parts.append(
            element("text", text(tick), x=x, y=bottom_px + 16, class_="tick", text_anchor="middle")
        )
    return joined(parts)


def vertical_axis(
    scale: Scale,
    ticks: list[float],
    *,
    left_px: float,
    right_px: float,
    text: TickText,
) -> Html:
    """Level grid lines with a text left of each."""
    parts = []
    for tick in ticks:
        y = scale.px(tick)
        parts.append(element("line", x1=left_px, x2=right_px, y1=y, y2=y, class_="grid"))
        parts.append(
            element("text", text(tick), x=left_px - 8, y=y + 4, class_="tick", text_anchor="end")
        )
    return joined(parts)
