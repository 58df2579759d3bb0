"""A journal that remembers its lines."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class JournalLine:
    event: str
    fields: dict[str, Any]


@dataclass(slots=True)
class RecordingJournal:
    """Implements `node.ports.Journal`."""

    lines: list[JournalLine] = field(default_factory=list)

    def write(self, event: str, /, **fields: object) -> None:
        """Remember one line."""
        self.lines.append(JournalLine(event, fields))

    def of(self, event: str) -> list[dict[str, Any]]:
        """The fields of every line of one event, oldest first."""
        return [line.fields for line in self.lines if line.event == event]
