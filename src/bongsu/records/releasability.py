"""Who may see what: the one decision behind every release. Unknown means refuse.

Trust rules:

- No guideline in force, no rule for the kind, the originator and the reader: nothing.
- An empty or unknown attribute is no wildcard: nothing.
- A node that passes on another nation's record needs two agreements: that the reader may
  see the originator's records of the kind, and that the originator's rule to the sender
  says *onward*. And the sender can only show what was shown to it.
- One exception, on purpose: a correction (an amendment or end) goes to whoever was ever sent any
  version, with the fields that reader was shown and those without which it is no
  correction, whatever guideline now holds. So a correction can't be blocked.
"""

from collections.abc import Set
from dataclasses import dataclass

from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind, form_of
from bongsu.vocabulary.units import NationId

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The fields that may be shown, the rule behind it, and the reason in words."""

    fields: frozenset[str]
    rule: str
    reason: str

    @property
    def released(self) -> bool:
        """Whether anything at all may go."""
        return bool(self.fields)


def decide(
    in_force: AgreedGuideline | None,
    *,
    kind: RecordKind | None,
    originator: NationId | None,
    sender: NationId | None,
    reader: NationId | None,
    already_shown: Set[str] = _NOTHING,
) -> Decision:
    """What `sender` may show `reader` of a record; never raises.

    `already_shown` names the fields of earlier versions that this sender showed this reader;
    give it for amendments, ends and recalls, leave it empty for what is new.
    """
    decision = _by_guideline(in_force, kind, originator, sender, reader)
    if not already_shown or kind is None or not reader:
        return decision
    form = form_of(kind)
    correction = (frozenset(already_shown) & form.fields.keys()) | form.correction_fields
    if not form.correction_fields or correction <= decision.fields:
        return decision
    return Decision(
        fields=decision.fields | correction,
        rule="correction",
        reason=f"a correction goes to everyone who had a version; otherwise: {decision.reason}",
    )


def _by_guideline(
    in_force: AgreedGuideline | None,
    kind: RecordKind | None,
    originator: NationId | None,
    sender: NationId | None,
    reader: NationId | None,
) -> Decision:
    if in_force is None:
        return _refuse("no guideline is in force")
    if kind is None or not originator or not sender or not reader:
        return _refuse("kind, originator, sender or reader is not known")
    guideline = in_force.guideline
    if sender not in guideline.parties:
        return _refuse(f"{sender} is no party to {guideline.guideline_id}")
    rule = guideline.rule(kind, originator, reader)
    if rule is None:
        return _refuse(f"no rule lets {reader} see {kind.value} of {originator}")
    if sender != originator:
        passed = guideline.rule(kind, originator, sender)
        if passed is None or not passed.onward:
            return _refuse(f"{sender} may not pass on {kind.value} of {originator}")
    return Decision(
        fields=rule.fields,
        rule=rule.name,
        reason=f"{guideline.guideline_id} version {guideline.version}: {rule.name}",
    )


def _refuse(reason: str) -> Decision:
    return Decision(fields=_NOTHING, rule="default deny", reason=reason)
