"""What a node answers when it is asked for a moment that is over, and for moments to jump to."""

import msgspec

from bongsu.console.answers.tracks import ObjectSeen
from bongsu.console.answers.understood import understood
from bongsu.console.answers.warnings import OpenThreats, Threat, headline, with_ids
from bongsu.console.languages import Language, say
from bongsu.console.measures import clock_text, date_text
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import UtcNs


class OverSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A warning that had ended, or was recalled for that reason, a little before."""

    node: str
    own: bool
    record_id: str
    stored_at: UtcNs
    recalled: str | None
    warning: SeenWarning


class HeardSeen(msgspec.Struct, frozen=True, kw_only=True):
    """When the last record of that partner's own was stored; None where none was found."""

    node: str
    stored_at: UtcNs | None


class PastSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`at` is the moment that was asked for, `now` when it was asked; both of the node's clock.

    `begins`, `ends`: the first and the last record of the whole log. `newest_at`: the last record
    of that moment. `complete` is false where there was more than one question reads.
    """

    node: str
    realm: Realm
    at: UtcNs
    now: UtcNs
    begins: UtcNs | None
    ends: UtcNs | None
    newest_at: UtcNs | None
    threats: tuple[Threat, ...]
    over: tuple[OverSeen, ...]
    objects: tuple[ObjectSeen, ...]
    last_from: tuple[HeardSeen, ...]
    complete: bool
    not_recorded: tuple[str, ...]

    @property
    def open_then(self) -> OpenThreats:
        """The warnings of that moment, as those of the present are read."""
        return OpenThreats(node=self.node, realm=self.realm, at=self.at, threats=self.threats)


class MomentSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`what`: issued, amended, ended or recalled; None where that is withheld."""

    place: int
    at: UtcNs
    node: str
    own: bool
    record_id: str
    what: str | None
    subject: str | None
    version: int | None
    reason: str | None


class MomentsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Oldest first. `next`: give it as `after` to go on; `complete`: none is beyond it yet."""

    node: str
    realm: Realm
    at: UtcNs
    begins: UtcNs | None
    ends: UtcNs | None
    moments: tuple[MomentSeen, ...]
    next: int
    complete: bool


def past_seen(answer: object) -> PastSeen:
    """A node's answer to `at`. Raises LocalMisuse where it is another version's."""
    return understood(with_ids(answer), PastSeen, builtin_types=(bytes,))


def replay_sentence(seen: PastSeen, *, language: Language = Language.ENGLISH) -> str:
    """The sentence of that moment; it begins and ends with what it is."""
    return say(
        language,
        "replay.sentence",
        time=f"{date_text(seen.at)} {clock_text(seen.at)}",
        sentence=headline(seen.open_then, now=seen.at, language=language),
    )
