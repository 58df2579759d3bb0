"""The realm stands inside every signed thing; one check says so everywhere the same way."""

from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm


def require_realm(stated: Realm, here: Realm, *, what: str) -> None:
    """Raise PeerViolation where `what` is marked for the other realm than the one here."""
    if stated is not here:
        raise PeerViolation(
            f"{what} refused: it is marked {stated.banner}, here is {here.banner}",
            remedy="Keep it as evidence and find out how it crossed between the realms",
        )
