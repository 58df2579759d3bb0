"""What is open at a node, as faces take it from the node's answer and as people read it.

The most urgent stands first: least time left; then what has no predicted impact yet, the newest
first. What our own nation says leads; partners' words about the same object stand below it.
"""

import re
from collections.abc import Sequence

import msgspec

from bongsu.console.answers.understood import understood
from bongsu.console.languages import Language, say
from bongsu.console.safe_text import safe_text
from bongsu.console.words import banner_text, time_left_s, warning_sentence
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import UtcNs

LATEST = float("inf")
IDS = "corroborated_by"
HEX = re.compile("[0-9a-f]{64}")


class PartnerSays(msgspec.Struct, frozen=True, kw_only=True):
    """A partner's newest version, and when it came here."""

    node: str
    record_id: str
    came_at: UtcNs
    warning: SeenWarning


class DisagreementSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Two nodes say something else of one object: its class, an area, or a time."""

    one: str
    other: str
    aspect: str


class Threat(msgspec.Struct, frozen=True, kw_only=True):
    """One object: what we say of it, None where only partners warn, and what they say.

    `shared_sensors` stand behind more than one nation's words: they confirm nothing twice.
    """

    own: SeenWarning | None
    partners: tuple[PartnerSays, ...]
    disagreements: tuple[DisagreementSeen, ...] = ()
    shared_sensors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.own is None and not self.partners:
            raise ValueError("a threat that nobody warns of")

    @property
    def leading(self) -> SeenWarning:
        """What is shown first of it."""
        return self.own if self.own is not None else self.partners[0].warning


class OpenThreats(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    realm: Realm
    at: UtcNs
    threats: tuple[Threat, ...]

    @property
    def by_urgency(self) -> tuple[Threat, ...]:
        """Least time left first."""
        return tuple(sorted(self.threats, key=lambda one: _urgency(one, self.at)))


def open_threats(answer: object) -> OpenThreats:
    """A node's answer to `warnings`. Raises LocalMisuse where it is another version's."""
    return understood(with_ids(answer), OpenThreats, builtin_types=(bytes,))


def headline(seen: OpenThreats, *, now: UtcNs, language: Language = Language.ENGLISH) -> str:
    """One sentence: how many threats, and everything about the most urgent one."""
    if not seen.threats:
        return say(language, "headline.nothing", banner=banner_text(seen.realm, language))
    sentence = warning_sentence(
        seen.by_urgency[0].leading, realm=seen.realm, now=now, language=language
    )
    count = len(seen.threats)
    key = "headline.one" if count == 1 else "headline.several"
    return say(language, key, count=count, sentence=sentence)


def partner_line(partner: PartnerSays, *, realm: Realm, now: UtcNs) -> str:
    """What a partner says of it, in one sentence."""
    return f"{safe_text(partner.node)}: {warning_sentence(partner.warning, realm=realm, now=now)}"


def _urgency(threat: Threat, now: UtcNs) -> tuple[float, int]:
    left = [
        seconds
        for warning in _warnings(threat)
        if (seconds := time_left_s(warning, now=now)) is not None
    ]
    newest = max((warning.first_observed_at or 0 for warning in _warnings(threat)), default=0)
    return min(left, default=LATEST), -newest


def _warnings(threat: Threat) -> Sequence[SeenWarning]:
    own = () if threat.own is None else (threat.own,)
    return (*own, *(partner.warning for partner in threat.partners))


def with_ids(answer: object) -> object:
    """Records' ids are hexadecimal in an answer, and bytes in a warning."""
    match answer:
        case dict():
            return {
                name: [_id(one) for one in value]
                if name == IDS and isinstance(value, list)
                else with_ids(value)
                for name, value in answer.items()
            }
        case list():
            return [with_ids(one) for one in answer]
    return answer


def _id(text: object) -> object:
    """What is no id stays as it is, for `understood` to name."""
    is_id = isinstance(text, str) and HEX.fullmatch(text) is not None
    return bytes.fromhex(str(text)) if is_id else text
