"""What a whole guideline withholds or delays in vain, before anybody signs it."""

from dataclasses import dataclass

from bongsu.records.guideline import Guideline
from bongsu.records.inference import GivenAway, Released, given_away
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NationId


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFindings:
    """What one reader can tell of one originator's records beyond what he is to see."""

    originator: NationId
    reader: NationId
    given_away: tuple[GivenAway, ...]


def check_guideline(guideline: Guideline) -> tuple[PairFindings, ...]:
    """Pairs of nations between which something is given away; empty where nothing is."""
    pairs = dict.fromkeys((originator, reader) for _, originator, reader in guideline.rules)
    findings = [
        PairFindings(
            originator=originator,
            reader=reader,
            given_away=given_away(released_to(guideline, originator, reader)),
        )
        for originator, reader in pairs
    ]
    return tuple(one for one in findings if one.given_away)


def released_to(
    guideline: Guideline, originator: NationId, reader: NationId
) -> dict[RecordKind, Released]:
    """All that a reader gets of an originator, kind by kind."""
    return {
        kind: Released(fields=rule.fields, delay_s=rule.delay_s)
        for (kind, of, to), rule in guideline.rules.items()
        if (of, to) == (originator, reader)
    }
