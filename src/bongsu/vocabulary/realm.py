"""The two realms. They share no key, no log, no port, and the mark stands in signed bytes."""

from enum import Enum


class Realm(Enum):
    """Tests and replays are exercises; a record without a realm does not exist."""

    LIVE = "live"
    EXERCISE = "exercise"

    __hash__ = object.__hash__  # as members are compared; `Enum` hashes their names, in Python

    @property
    def banner(self) -> str:
        """The word that every screen, report and file shows."""
        return self.name
