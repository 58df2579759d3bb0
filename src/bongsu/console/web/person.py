"""Who asks: the name that stands in the log for what they do."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.role import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom the door let in."""

    name: str
    roles: frozenset[Role]


# Who can read the token's file may also command the node. But nobody knows who that is: so what
# is done with it at a live node is reading.
TOKEN: Final = "token holder"
TOKEN_ROLES: Final = {
    Realm.LIVE: frozenset({Role.READER}),
    Realm.EXERCISE: frozenset({Role.WATCH_OFFICER}),
}
# Of an exercise that is open to all.
WHOEVER: Final = Person(name="whoever sits here", roles=frozenset({Role.WATCH_OFFICER}))


def token_holder(realm: Realm) -> Person:
    """Somebody who has the console's token."""
    return Person(name=TOKEN, roles=TOKEN_ROLES[realm])


def person_of(request: Request) -> Person:
    """The door knows; nothing comes past it without."""
    person = request.scope["state"]["person"]
    assert isinstance(person, Person)  # noqa: S101 - for the type checker
    return person
