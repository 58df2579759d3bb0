"""Figures that say how the node is: counts of refusals, the loop's lag, faults of links."""

from collections import Counter
from dataclasses import dataclass, field

MAXIMUM_REASONS = 200


@dataclass(slots=True)
class Health:
    """Mutable on purpose: one per node, written on its loop only."""

    refused: Counter[str] = field(default_factory=Counter)
    link_faults: dict[str, set[str]] = field(default_factory=dict)
    loop_lag_worst_s: float = 0.0

    def refuse(self, reason: str, count: int = 1) -> int:
        """Count refusals; reasons beyond the bound share one count."""
        if reason not in self.refused and len(self.refused) >= MAXIMUM_REASONS:
            reason = "other reasons"
        self.refused[reason] += count
        return self.refused[reason]
