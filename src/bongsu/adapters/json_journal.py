"""Structured logs: one JSON object per line, for people, collectors and the demo alike."""

import threading
from enum import Enum
from typing import Protocol

import msgspec

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

_encoder = msgspec.json.Encoder(enc_hook=lambda value: _plain(value))


class TextStream(Protocol):
    def write(self, text: str, /) -> int: ...

    def flush(self) -> None: ...


class JsonJournal:
    """Implements `node.ports.Journal` on a text stream; every line is flushed at once."""

    def __init__(self, stream: TextStream, *, node: NodeId, realm: Realm) -> None:
        self._stream = stream
        self._always = {"node": node, "realm": realm.value, "banner": realm.banner}
        self._lock = threading.Lock()

    def write(self, event: str, /, **fields: object) -> None:
        """Write one line; a reader that went away (a closed pipe) never stops the node."""
        line = _encoder.encode({"event": event, **self._always, **fields}).decode() + "\n"
        with self._lock:
            try:
                self._stream.write(line)
                self._stream.flush()
            except BrokenPipeError:
                self._stream = _Nowhere()


class _Nowhere:
    """Takes the place of a stream whose reader is gone."""

    def write(self, text: str, /) -> int:
        return len(text)

    def flush(self) -> None:
        return None


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise NotImplementedError(f"no JSON for {type(value).__name__}")
