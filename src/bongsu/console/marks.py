"""Shapes and styles that go with a word: never a colour alone, never a shape alone.

Styles are terminal colours that stay apart for colour-blind eyes (yellow, cyan, magenta and
reversed red differ in lightness too); with NO_COLOR rich drops the colours and the words
and shapes remain.
"""

from dataclasses import dataclass
from typing import Literal

from bongsu.vocabulary.launch_warning import Confirmation, WarningAction
from bongsu.vocabulary.seen_warning import SeenWarning

BANNER_STYLE = "black on yellow"
CLOCK_STYLE = "bold"
TITLE_STYLE = "bold"
ALARM_STYLE = "bold white on red"
PREDICTED_STYLE = "italic magenta"
WITHHELD_STYLE = "magenta"
QUIET_STYLE = "dim"
PLAIN_STYLE = ""

CONFIRMATION_STYLES = {
    Confirmation.SINGLE_SOURCE: "bold yellow",
    Confirmation.CORROBORATED: "bold cyan",
    Confirmation.CONFIRMED: "bold bright_white",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """One shape per meaning."""

    warning: str
    ended: str
    none: str
    works: str
    fault: str
    waiting: str
    separator: str
    rule: str
    overflow: Literal["ellipsis", "crop"]  # what a line that is too long does


UNICODE_MARKS = Marks(
    warning="▲",
    ended="■",
    none="○",
    works="●",
    fault="✖",
    waiting="◌",
    separator=" · ",
    rule="─",
    overflow="ellipsis",
)
ASCII_MARKS = Marks(
    warning="!",
    ended="#",
    none="o",
    works="+",
    fault="X",
    waiting="?",
    separator=" | ",
    rule="-",
    overflow="crop",
)


def marks_for(encoding: str) -> Marks:
    """The shapes that a terminal with this encoding can show."""
    return UNICODE_MARKS if encoding.lower().startswith("utf") else ASCII_MARKS


def warning_mark(warning: SeenWarning, marks: Marks) -> str:
    """The shape for a warning that stands, or one that has ended."""
    return marks.ended if warning.action is WarningAction.ENDED else marks.warning


def confirmation_style(warning: SeenWarning) -> str:
    """The style of the confirmation words."""
    if warning.confirmation is None:
        return WITHHELD_STYLE
    return CONFIRMATION_STYLES[warning.confirmation]
