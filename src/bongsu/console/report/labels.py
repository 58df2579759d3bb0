"""Labels beside their points: each where it covers no other, or on the right if none is free."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bongsu.console.html_text import Html, element

CHARACTER_PX = 6.4
LINE_PX = 14.0
GAP_PX = 8.0
Rectangle = tuple[float, float, float, float]  # left, right, top, bottom


@dataclass(slots=True, kw_only=True)
class LabelBoard:
    """Remembers what is taken on one picture."""

    width_px: float
    height_px: float
    taken: list[Rectangle] = field(default_factory=list)

    def block(self, x: float, y: float, *, half_px: float) -> None:
        """Keep labels off a marker."""
        self.taken.append((x - half_px, x + half_px, y - half_px, y + half_px))

    def place(self, text: str, x: float, y: float, css_class: str = "label") -> Html:
        """The text beside the point (x, y)."""
        width = CHARACTER_PX * len(text)
        options = list(_around(x, y, width))
        best = min(options, key=self._overlap)
        self.taken.append(best)
        return element("text", text, x=best[0], y=best[3] - 3.5, class_=css_class)

    def _overlap(self, box: Rectangle) -> float:
        outside = max(0.0, -box[0], box[1] - self.width_px, -box[2], box[3] - self.height_px)
        return outside * LINE_PX + sum(_shared(box, other) for other in self.taken)


def _around(x: float, y: float, width: float) -> Iterable[Rectangle]:
    half, diagonal = LINE_PX / 2, GAP_PX * 0.7
    for left, top in (
        (x + GAP_PX, y - half),
        (x - GAP_PX - width, y - half),
        (x + diagonal, y - diagonal - LINE_PX),
        (x + diagonal, y + diagonal),
        (x - diagonal - width, y - diagonal - LINE_PX),
        (x - diagonal - width, y + diagonal),
        (x - width / 2, y - GAP_PX - LINE_PX),
        (x - width / 2, y + GAP_PX),
        (x - width / 2, y - 3 * GAP_PX - LINE_PX),
        (x - width / 2, y + 3 * GAP_PX),
    ):
        yield left, left + width, top, top + LINE_PX


def _shared(one: Rectangle, other: Rectangle) -> float:
    across = min(one[1], other[1]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[2], other[2])
    return across * down if across > 0 and down > 0 else 0.0
