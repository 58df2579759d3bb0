"""Who may do what, in one table: a role that isn't named for a command may not.

What is not in the table only tells what everybody who is let in may read.
"""

from collections.abc import Collection
from typing import Final

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.role import Role

WATCH: Final = frozenset({Role.WATCH_OFFICER, Role.DUTY_OFFICER})
MAY: Final = {
    "alarm_acknowledge": WATCH,
    "alarm_silence": WATCH,
    "shift_change": WATCH,
    "release_preview": frozenset(Role) - {Role.READER},
}


class NotPermittedError(LocalMisuse):
    """Somebody who was let in asked for what is another's to do."""


def may(roles: Collection[Role], command: str) -> bool:
    """Whether one of the roles lets somebody do it."""
    allowed = MAY.get(command)
    return allowed is None or not allowed.isdisjoint(roles)


def require_permission(roles: Collection[Role], command: str) -> None:
    """Raise NotPermittedError where no role lets somebody do it; it names those that would."""
    if not may(roles, command):
        needed = ", ".join(sorted(role.value for role in MAY[command]))
        raise NotPermittedError(
            f"{command} is not yours to do", remedy=f"Ask somebody who is one of: {needed}"
        )
