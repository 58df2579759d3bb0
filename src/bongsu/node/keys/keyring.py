"""The keys that count now: whose we believe, and our own. Both may be exchanged while we run.

Each is immutable and exchanged as a whole, on the node's loop only. Whoever works with one takes
it once for one piece of work, on whichever thread that runs.
"""

from dataclasses import dataclass

from bongsu.node.ports import KeyKeeper
from bongsu.records.keys import Signer
from bongsu.records.trust import TrustStore


@dataclass(slots=True, kw_only=True)
class Keyring:
    """Mutable on purpose: one per node."""

    trust: TrustStore
    signer: Signer
    keeper: KeyKeeper | None = None  # None where the log alone keeps what changes
