"""Structured logs: one JSON object per line, for people, collectors and the demo alike."""

import threading
from typing import Protocol

import msgspec

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

_encoder = msgspec.json.Encoder(enc_hook=repr)


class TextStream(Protocol):
    def write(self, text: str, /) -> int: ...

    def flush(self) -> None: ...


class JsonJournal:
    """Implements `node.ports.Journal` on a text stream; every line is flushed at once.

    Each line carries node, realm and banner, whatever its own fields are called. A journal never
    stops a node: lines that its stream can't take are counted in `lost`.
    """

    def __init__(self, stream: TextStream, *, node: NodeId, realm: Realm) -> None:
        self._stream: TextStream | None = stream
        self._always = {"node": node, "realm": realm.value, "banner": realm.banner}
        self._lock = threading.Lock()
        self.lost = 0

    def write(self, event: str, /, **fields: object) -> None:
        """Write one line; a reader that went away (a closed pipe) is not written to again."""
        fixed = {"event": event, **self._always}
        with self._lock:
            if self._stream is None:
                self.lost += 1
                return
            try:
                self._stream.write(_encoder.encode({**fixed, **fields, **fixed}).decode() + "\n")
                self._stream.flush()
            except BrokenPipeError:
                self._stream = None
                self.lost += 1
            except (OSError, ValueError):  # a full disk, a closed stream, bad letters
                self.lost += 1
