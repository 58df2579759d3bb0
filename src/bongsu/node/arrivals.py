"""Room for what has arrived and was not looked at yet: by number and by bytes, a share for each.

Messages come on the engine's threads and wait for the node's loop. Without a share for each sender,
one that floods us would keep the others out.
"""

import threading
from collections import Counter

MESSAGES_OF_ONE = 4_096
MESSAGES_OF_ALL = 8_192
BYTES_OF_ONE = 64 * 1_048_576
BYTES_OF_ALL = 256 * 1_048_576


class Arrivals:
    """Counts what waits; used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    def enter(self, sender: str, size_bytes: int) -> bool:
        """Take room for a message; False where there is none for this sender."""
        with self._lock:
            if (
                self._messages[sender] >= MESSAGES_OF_ONE
                or self._messages.total() >= MESSAGES_OF_ALL
                or self._bytes[sender] + size_bytes > BYTES_OF_ONE
                or self._bytes.total() + size_bytes > BYTES_OF_ALL
            ):
                return False
            self._messages[sender] += 1
            self._bytes[sender] += size_bytes
            return True

    def leave(self, sender: str, size_bytes: int) -> None:
        """Give its room back."""
        with self._lock:
            self._messages[sender] -= 1
            self._bytes[sender] -= size_bytes
