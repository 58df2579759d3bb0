"""Guidelines and their changes in sentences, for people who decide on them."""

from collections.abc import Iterable

from bongsu.records.guideline import LinkContract
from bongsu.records.guideline_diff import ContractChange, GuidelineDiff, RuleChange
from bongsu.records.inference import GivenAway
from bongsu.records.kinds import RecordKind, field_names
from bongsu.vocabulary.units import NationId

_PLURALS = {
    RecordKind.PLOTS: "plots",
}


def records_in_words(kind: RecordKind) -> str:
    """Records of a kind, as a plural."""
    return _PLURALS.get(kind, f"{kind.value.replace('_', ' ')}s")


def delay_in_words(delay_s: int) -> str:
    """A delay as people say it."""
    if delay_s == 0:
        return "at once"
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if delay_s % unit == 0:
            return f"after {delay_s // unit} {name}"
    return f"after {delay_s} s"


def diff_in_words(diff: GuidelineDiff) -> tuple[str, ...]:
    """A sentence for each change."""
    return (
        *(f"{nation} becomes a party." for nation in diff.joined),
        *(f"{nation} is no party any more and gets nothing." for nation in diff.left),
        *(rule_in_words(change) for change in diff.rules),
        *(contract_in_words(change) for change in diff.contracts),
    )


def rule_in_words(change: RuleChange) -> str:
    """What one changed rule means for its reader."""
    whose = f"{change.originator}'s {records_in_words(change.kind)}"
    parts = [*_opened(change, whose), *_closed(change, whose)]
    if change.delay_s is not None:
        before, after = change.delay_s
        word = "later" if after > before else "sooner"
        parts.append(
            f"{change.reader} gets {whose} {word}: {delay_in_words(after)},"
            f" until now {delay_in_words(before)}"
        )
    if change.onward is not None:
        may = "may" if change.onward else "may no more"
        parts.append(f"{change.reader} {may} pass on {whose} to those who have a rule for them")
    return "; ".join(parts) + "."


def given_away_in_words(originator: NationId, reader: NationId, found: GivenAway) -> str:
    """What a reader can tell although he is not to see it, or not yet, and from what."""
    whose = f"{found.field} of {originator}'s {records_in_words(found.kind)}"
    by_kind: dict[str, list[str]] = {}
    for source in found.sources:
        by_kind.setdefault(records_in_words(RecordKind(source.kind)), []).append(source.field)
    sources = " and ".join(f"{_names(fields)} of {kind}" for kind, fields in by_kind.items())
    how = "; ".join(found.reasons) or "they tell the same"
    if found.comes_after_s is None:
        withheld = f"{whose}, which is withheld"
    else:
        withheld = f"{whose} {delay_in_words(found.known_after_s)}, not only"
        withheld += f" {delay_in_words(found.comes_after_s)}"
    return f"{reader} can tell {withheld}, from {sources}: {how}."


def contract_in_words(change: ContractChange) -> str:
    """What one changed contract asks of a link."""
    link = f"the link from {change.sender} to {change.reader}"
    if change.after is None:
        return f"Nothing is agreed any more on what {link} is to keep."
    until_now = "" if change.before is None else f"; until now {contract_terms(change.before)}"
    return f"{link[0].upper()}{link[1:]} is to keep {contract_terms(change.after)}{until_now}."


def _opened(change: RuleChange, whose: str) -> Iterable[str]:
    if not change.opened or change.after is None:
        return
    when = delay_in_words(change.after.delay_s)
    if change.before is None or not change.before.fields:
        withheld = field_names(change.kind) - change.after.fields
        all_but = f"all but {_names(withheld)}" if withheld else "whole"
        if len(withheld) > len(change.after.fields):
            all_but = f"of them {_names(change.after.fields)}"
        yield f"{change.reader} gets to see {whose}, {all_but}, {when}"
    else:
        yield f"{change.reader} gets to see {_names(change.opened)} of {whose}, {when}"


def _closed(change: RuleChange, whose: str) -> Iterable[str]:
    if not change.closed:
        return
    if change.after is None or not change.after.fields:
        yield f"{change.reader} sees no more of {whose}"
    else:
        yield f"{change.reader} sees no more {_names(change.closed)} of {whose}"


def contract_terms(contract: LinkContract) -> str:
    """What a contract asks, in one phrase."""
    return (
        f"{contract.latency_ms} ms (99 of 100 entries) and {contract.completeness:.3%}"
        f" of what was sent, over {contract.window_s} s"
    )


def _names(fields: Iterable[str]) -> str:
    return ", ".join(sorted(fields))
