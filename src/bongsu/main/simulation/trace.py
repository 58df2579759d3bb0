"""The trace of a run: everything that happened, in order, as one digest.

The same seed gives the same digest, in every process. Where signatures and seals are real they
differ from run to run in their bytes and in nothing else, so of messages only the size counts.
"""

import hashlib

from bongsu.adapters.simulated.clock import SimulatedTime

_FLUSH_AT = 512


class Trace:
    """A running digest."""

    def __init__(self, time: SimulatedTime, *, whole_payloads: bool) -> None:
        self._time = time
        self._whole = whole_payloads
        self._digest = hashlib.blake2b(digest_size=16)
        self._waiting: list[bytes] = []

    def note(self, *parts: object, payload: bytes = b"") -> None:
        """Something happened now."""
        said = f"{self._time.elapsed_ns} {parts} {len(payload)}\n".encode()
        self._waiting.append(said)
        if self._whole and payload:
            self._waiting.append(payload)
        if len(self._waiting) >= _FLUSH_AT:
            self._flush()

    def hexdigest(self) -> str:
        """Of everything so far."""
        self._flush()
        return self._digest.hexdigest()

    def _flush(self) -> None:
        self._digest.update(b"".join(self._waiting))
        self._waiting.clear()
