"""Guidelines: what nations agreed that each may see, as a text that people read and sign.

A guideline is TOML. Its exact bytes are what one release officer of every party signs. It
names, for each kind of record, the fields that it speaks of, and then who shows whose
records to whom, and which of those fields stay closed:

    id = "EXAMPLE"
    version = 1
    realm = "exercise"
    parties = ["KR", "US", "JP"]
    valid_from = 2022-01-01T00:00:00Z

    [fields]
    launch_warning = ["warning_id", "version", ...]

    [[rules]]
    name = "KR warnings to JP"
    kind = "launch_warning"
    originators = ["KR"]
    readers = ["JP"]
    withhold = ["sensors"]
    delay_s = 0
    onward = false

    [[contracts]]
    from = "KR"
    to = "JP"
    latency_ms = 500
    completeness = 0.999
    window_s = 3600

What is not written is not allowed: a field that is not listed, a kind, a nation, an onward
release. Nothing has a default. Two rules for the same kind, originator and reader are
refused, so that no order of rules matters. Contracts are what links are measured against;
they release nothing.
"""

import tomllib
from dataclasses import dataclass
from typing import Any

import msgspec

from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES
from bongsu.records.guideline_text import ContractText, GuidelineText, RuleText
from bongsu.records.kinds import RecordKind, field_names, guided_kinds
from bongsu.records.realm_mark import require_realm
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NationId, UtcNs

FIRST_YEAR, LAST_YEAR = 1980, 2200

_Triple = tuple[RecordKind, NationId, NationId]
_Pair = tuple[NationId, NationId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRule:
    """What one nation's readers may see of one originator's records of one kind."""

    name: str
    fields: frozenset[str]
    delay_s: int  # it goes no sooner than so long after it was stated
    onward: bool  # whether the reader may release it further, itself under a rule


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkContract:
    """What a sender's link to a reader is to keep, measured over a window from receipts."""

    latency_ms: int  # from stored here to stored there, 99 of 100 entries
    completeness: float  # share of entries that the reader stored
    window_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """A guideline as it was read; whether it is in force is another matter."""

    guideline_id: str
    version: int
    realm: Realm
    parties: tuple[NationId, ...]
    valid_from: UtcNs
    rules: dict[_Triple, ReleaseRule]
    contracts: dict[_Pair, LinkContract]  # by sender and reader
    text: bytes  # exactly what is signed

    def rule(self, kind: RecordKind, originator: NationId, reader: NationId) -> ReleaseRule | None:
        """The one rule for these three, None where nothing was agreed."""
        return self.rules.get((kind, originator, reader))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedGuideline:
    """A guideline that every party signed: it holds from its `valid_from` on, until superseded.

    Made by `guideline_signing.open_agreed_guideline`, and read back from our own log's notes of it.
    """

    guideline: Guideline
    officers: tuple[str, ...]


def read_guideline(text: bytes, *, realm: Realm) -> Guideline:
    """Read a guideline of this realm; PeerViolation says where it is wrong."""
    if len(text) > MAXIMUM_GUIDELINE_BYTES:
        raise _refusal(f"{len(text)} bytes exceed {MAXIMUM_GUIDELINE_BYTES}")
    try:
        read = msgspec.convert(tomllib.loads(text.decode()), GuidelineText)
    except (ValueError, RecursionError) as error:
        raise _refusal(str(error)) from error
    require_realm(read.realm, realm, what=f"guideline {read.id}")
    parties = tuple(read.parties)
    if len(set(parties)) != len(parties):
        raise _refusal("a party is named twice")
    _check_fields(read.fields)
    rules: dict[_Triple, ReleaseRule] = {}
    for rule in read.rules:
        _add_rule(rules, rule, parties, read.fields)
    contracts: dict[_Pair, LinkContract] = {}
    for contract in read.contracts:
        _add_contract(contracts, contract, parties)
    return Guideline(
        guideline_id=read.id,
        version=read.version,
        realm=read.realm,
        parties=parties,
        valid_from=_instant(read.valid_from),
        rules=rules,
        contracts=contracts,
        text=text,
    )


def _check_fields(stated: dict[RecordKind, list[str]]) -> None:
    for kind, names in stated.items():
        if kind not in guided_kinds():
            raise _refusal(f"{kind.value} crosses by a fixed rule; no guideline speaks of it")
        unknown = set(names) - field_names(kind)
        if unknown or len(set(names)) != len(names):
            odd = sorted(unknown) or names
            raise _refusal(f"fields of {kind.value} are unknown or repeated: {', '.join(odd)}")


def _add_rule(
    rules: dict[_Triple, ReleaseRule],
    rule: RuleText,
    parties: tuple[NationId, ...],
    fields: dict[RecordKind, list[str]],
) -> None:
    strangers = (set(rule.originators) | set(rule.readers)) - set(parties)
    if strangers:
        raise _refusal(f"rule {rule.name!r} names {', '.join(sorted(strangers))}, no party")
    spoken_of = frozenset(fields.get(rule.kind, ()))
    if not set(rule.withhold) <= spoken_of:
        odd = ", ".join(sorted(set(rule.withhold) - spoken_of))
        raise _refusal(f"rule {rule.name!r} withholds {odd}, which [fields] doesn't list")
    allowed = ReleaseRule(
        name=rule.name,
        fields=spoken_of - set(rule.withhold),
        delay_s=rule.delay_s,
        onward=rule.onward,
    )
    for originator in rule.originators:
        for reader in rule.readers:
            if reader == originator:
                continue  # a nation shares with itself what it likes
            triple = (rule.kind, originator, reader)
            if triple in rules:
                raise _refusal(
                    f"rules {rules[triple].name!r} and {rule.name!r} both speak of "
                    f"{rule.kind.value} of {originator} to {reader}"
                )
            rules[triple] = allowed


def _add_contract(
    contracts: dict[_Pair, LinkContract], stated: ContractText, parties: tuple[NationId, ...]
) -> None:
    pair = (stated.sender, stated.reader)
    name = f"the contract from {stated.sender} to {stated.reader}"
    if not set(pair) <= set(parties) or stated.sender == stated.reader:
        raise _refusal(f"{name} is not between two parties")
    if pair in contracts:
        raise _refusal(f"{name} is stated twice")
    contracts[pair] = LinkContract(
        latency_ms=stated.latency_ms,
        completeness=stated.completeness,
        window_s=stated.window_s,
    )


def _instant(value: Any) -> UtcNs:
    """A TOML date-time with its offset; a local one has no single meaning between nations."""
    try:
        aware = value.utcoffset() is not None
    except AttributeError:
        aware = False
    if not aware:
        raise _refusal("valid_from is no date and time with an offset (2024-01-31T00:00:00Z)")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise _refusal(f"valid_from is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return UtcNs(round(value.timestamp()) * NS_PER_S)


def _refusal(why: str) -> PeerViolation:
    return PeerViolation(
        f"guideline refused: {why}",
        remedy="Mend the text, and have every party sign the mended bytes",
    )
