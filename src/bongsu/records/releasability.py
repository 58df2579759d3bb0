"""Who may see what: the one decision behind every release. Unknown means refuse.

Trust rules:

- No guideline in force, no rule for the kind, the originator and the reader: nothing.
- An empty or unknown attribute is no wildcard: nothing.
- A node that passes on another nation's record needs two agreements: that the reader may
  see the originator's records of the kind, and that the originator's rule to the sender
  says *onward*. And the sender can only show what was shown to it.
- Kinds of the fixed starting rule (invitations, keys, guideline drafts and signatures) need
  no guideline: a node sends its own to every nation whose root it trusts, all fields. What a
  node holds of another's warnings goes by it too, and only to nations to whom a guideline lets
  the originator show those warnings' names at once (`node/links/story_comparison.py`); so does
  what it shows of them, field by field (`node/links/display_comparison.py`).
- Kinds that are *internal* never leave their nation, whatever a guideline says.
- Sites of one nation share whole what each of them states: that needs no other nation's
  agreement.
- One exception, on purpose: a correction (an amendment or end) goes to whoever was ever sent any
  version, with the fields that reader was shown and those without which it is no
  correction, whatever guideline now holds. So a correction can't be blocked.
- A recall goes to exactly those to whom its sender sent what it recalls, and the answer to it to
  those who sent the recall. No guideline speaks of either.
- A rule's delay holds for amendments too: they are news. An end is none: it goes at once to
  whoever was shown a version, and takes no field along that the reader should still wait for.
"""

from collections.abc import Set
from dataclasses import dataclass

from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.version_role import VersionRole
from bongsu.vocabulary.units import NationId

_NOTHING: frozenset[str] = frozenset()
_NOBODY: frozenset[NationId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The fields that may be shown, no sooner than when, by which rule, the reason in words."""

    fields: frozenset[str]
    delay_s: int  # after it was stored here; past the guideline nothing waits, an end never does
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
    role: VersionRole = VersionRole.NEWS,
    trusted: Set[NationId] = _NOBODY,
) -> Decision:
    """What `sender` may show `reader` of a record; never raises.

    `already_shown` names the fields of other versions that this sender showed this reader; what
    comes by several ways may come in any order, so `role` says what this one is: a first version
    corrects nothing. For a recall and its answer it names what passed between the two of the record
    that they speak of. `trusted` are the nations whose root the sender trusts; the starting
    rule needs them.
    """
    if kind is not None and originator and originator == sender == reader:
        return _between_own_sites(kind, originator)
    if kind is not None and form_of(kind).internal:
        return _refuse(f"{kind.value} stays within its nation")
    if kind is not None and form_of(kind).by_path:
        return _by_path(kind, reader, already_shown)
    if kind is not None and form_of(kind).starting:
        return _by_starting_rule(kind, originator, sender, reader, trusted)
    decision = _by_guideline(in_force, kind, originator, sender, reader)
    if not already_shown or kind is None or not reader or role is VersionRole.FIRST:
        return decision
    form = form_of(kind)
    if not form.correction_fields:
        return decision
    correction = (frozenset(already_shown) & form.fields.keys()) | form.correction_fields
    return _corrected(decision, correction, role.is_end)


def _corrected(decision: Decision, correction: frozenset[str], is_end: bool) -> Decision:
    """`decision` with at least the fields of the correction, and no later than it may wait."""
    overtakes = is_end and decision.delay_s > 0
    if correction <= decision.fields and not overtakes:
        return decision
    return Decision(
        fields=correction if overtakes else decision.fields | correction,
        delay_s=0 if is_end else decision.delay_s,
        rule="correction",
        reason=f"a correction goes to everyone who had a version; otherwise: {decision.reason}",
    )


def _by_path(kind: RecordKind, reader: NationId | None, passed: Set[str]) -> Decision:
    if not reader or not passed:
        return _refuse(f"nothing passed that this {kind.value} speaks of")
    return Decision(
        fields=frozenset(form_of(kind).fields),
        delay_s=0,
        rule="by its path",
        reason=f"a {kind.value} follows what it speaks of",
    )


def _between_own_sites(kind: RecordKind, nation: NationId) -> Decision:
    return Decision(
        fields=frozenset(form_of(kind).fields),
        delay_s=0,
        rule="own sites",
        reason=f"{nation} shares everything between its own sites",
    )


def _by_starting_rule(
    kind: RecordKind,
    originator: NationId | None,
    sender: NationId | None,
    reader: NationId | None,
    trusted: Set[NationId],
) -> Decision:
    if not originator or not sender or not reader:
        return _refuse("originator, sender or reader is not known")
    if sender != originator:
        return _refuse(f"{sender} sends only its own {kind.value}")
    if reader not in trusted:
        return _refuse(f"the root of {reader} is not trusted")
    return Decision(
        fields=frozenset(form_of(kind).fields),
        delay_s=0,
        rule="starting rule",
        reason=f"{kind.value} crosses before any guideline",
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
        delay_s=rule.delay_s,
        rule=rule.name,
        reason=f"{guideline.guideline_id} version {guideline.version}: {rule.name}",
    )


def _refuse(reason: str) -> Decision:
    return Decision(fields=_NOTHING, delay_s=0, rule="default deny", reason=reason)
