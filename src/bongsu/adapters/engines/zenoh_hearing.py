"""Who was heard over which sessions: what brings others' messages has probably not stuck."""

from collections import Counter
from collections.abc import Hashable

from bongsu.vocabulary.units import NodeId

SPARED_TIMES = 3  # in a row; a session may also be deaf to one neighbour alone


class Hearing:
    """Decides whether sessions are replaced because one partner fell silent."""

    def __init__(self) -> None:
        self._heard: dict[Hashable, set[NodeId]] = {}
        self._asked: Counter[NodeId] = Counter()

    def note(self, sessions: Hashable, sender: NodeId) -> None:
        """Something of `sender` came; callable on any thread."""
        self._heard.setdefault(sessions, set()).add(sender)

    def are_stuck(self, sessions: Hashable, silent: NodeId) -> bool:
        """Whether to replace the sessions over which `silent` would be heard.

        While others are heard there, only every fourth time that it is asked: a partner that is
        switched off does not cut everybody else's link again and again.
        """
        others = self._heard.pop(sessions, set()) - {silent}
        self._asked[silent] += 1
        return not others or self._asked[silent] % (SPARED_TIMES + 1) == 0
