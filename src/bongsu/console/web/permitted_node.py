"""The node as one person may ask it: what their roles don't let them do never reaches it.

Whoever answers requests is given this and not the node, so that no route can forget to look.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from bongsu.console.web.node_port import NodePort
from bongsu.console.web.person import Person, person_of
from bongsu.node.permissions import require_permission


@dataclass(frozen=True, slots=True)
class PermittedNode:
    """Can be asked by somebody alone."""

    _node: NodePort

    def by(self, request: Request) -> NodePort:
        """The node, for whoever sent this request."""
        return _AskedBy(self._node, person_of(request))


@dataclass(frozen=True, slots=True)
class _AskedBy:
    """Implements `NodePort`."""

    node: NodePort
    person: Person

    async def ask(self, command: str, body: Mapping[str, object]) -> object:
        """See the port. Raises NotPermittedError before the node hears of it."""
        require_permission(self.person.roles, command)
        return await self.node.ask(command, body)
