"""The node behind the HTTP interface, as a port."""

from collections.abc import Mapping
from typing import Protocol


class NodePort(Protocol):
    """Asks a running node."""

    async def ask(self, command: str, body: Mapping[str, object]) -> object:
        """Its answer as plain values. Raises BongsuError: the node's own, or Unavailable."""
        ...
