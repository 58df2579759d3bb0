"""What has just arrived: within its sender's quota, and within the room for what waits.

Messages come on the engine's threads and wait for the node's loop. Here, before the loop hears of
it and before a byte is read, each is held against its sender's quota and against the room: in
number and in bytes, a share for each sender, so that one that floods us keeps no other out. What is
refused is only counted; the loop tells of it now and then.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bongsu.protocols import quota
from bongsu.vocabulary.units import MonotonicNs, NodeId

MESSAGES_OF_ONE = 4_096
MESSAGES_OF_ALL = 8_192
BYTES_OF_ONE = 64 * 1_048_576
BYTES_OF_ALL = 256 * 1_048_576
SAMPLE_BYTES = 4_096
SHUT_FOR_NS = 2_000_000  # after a refusal the next ones of a flood are not even weighed
STRANGERS = "nodes that are no partner"  # one share for all of them


@dataclass(frozen=True, slots=True)
class Turned:
    """Messages that were turned away since the last time: how many, and one of them, cut."""

    sender: str
    reason: str
    count: int
    sample: bytes


class Arrivals:
    """Counts what waits and what was turned away; used from any thread."""

    def __init__(self, partners: Iterable[NodeId] = ()) -> None:
        self._lock = threading.Lock()
        self._quotas: dict[str, quota.Quota] = {}
        self._shut: dict[tuple[str, str], int] = {}
        self.expect(partners)
        self._messages: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._all_messages = 0
        self._all_bytes = 0
        self._turned: Counter[tuple[str, str]] = Counter()
        self._samples: dict[tuple[str, str], bytes] = {}

    def expect(self, partners: Iterable[NodeId]) -> None:
        """These have a quota and a share each; everybody else shares one."""
        self._quotas.update((name, quota.Quota()) for name in partners)

    def enter(self, sender: str, channel: str, payload: bytes, *, now: MonotonicNs) -> bool:
        """Take room for a message; False where its sender has no quota or no room for it."""
        size = len(payload)
        with self._lock:
            if not self._is_within_quota(sender, channel, size, now):
                return self._turn_away(
                    sender, f"more {channel} messages of {sender} than a link may bring", payload
                )
            who = self._share_of(sender)
            if not self._has_room(who, size):
                return self._turn_away(who, f"messages of {who} waiting for the loop", payload)
            self._count(who, 1, size)
            return True

    def failed(self, sender: str, channel: str, *, now: MonotonicNs) -> None:
        """A message that had entered was not what it claimed to be."""
        with self._lock:
            held = self._quotas.get(sender)
            if held is not None:
                self._quotas[sender], _ = quota.step(held, quota.Failed(channel), now=now)

    def leave(self, sender: str, size_bytes: int) -> None:
        """Give its room back."""
        with self._lock:
            who = self._share_of(sender)
            self._count(who, -1, -size_bytes)

    def turned_away(self) -> tuple[Turned, ...]:
        """What was turned away since this was asked last."""
        if not self._turned:
            return ()
        with self._lock:
            turned = tuple(
                Turned(sender, reason, count, self._samples[sender, reason])
                for (sender, reason), count in self._turned.items()
            )
            self._turned.clear()
            self._samples.clear()
            return turned

    def _is_within_quota(self, sender: str, channel: str, size: int, now: MonotonicNs) -> bool:
        held = self._quotas.get(sender)
        if held is None:
            return True
        if now < self._shut.get((sender, channel), now):
            return False
        self._quotas[sender], answer = quota.step(held, quota.Arrived(channel, size), now=now)
        if isinstance(answer, quota.Refuse):
            self._shut[sender, channel] = now + SHUT_FOR_NS
        return isinstance(answer, quota.Pass)

    def _count(self, who: str, messages: int, size_bytes: int) -> None:
        self._messages[who] += messages
        self._bytes[who] += size_bytes
        self._all_messages += messages
        self._all_bytes += size_bytes

    def _has_room(self, who: str, size: int) -> bool:
        return (
            self._messages[who] < MESSAGES_OF_ONE
            and self._all_messages < MESSAGES_OF_ALL
            and self._bytes[who] + size <= BYTES_OF_ONE
            and self._all_bytes + size <= BYTES_OF_ALL
        )

    def _turn_away(self, who: str, reason: str, payload: bytes) -> bool:
        self._turned[who, reason] += 1
        self._samples.setdefault((who, reason), payload[:SAMPLE_BYTES])
        return False

    def _share_of(self, sender: str) -> str:
        return sender if sender in self._quotas else STRANGERS
