"""What each nation may see of each record, worked out from the plain table of what was agreed.

The rules are written anew here, on purpose, and as bounds: what a nation may hold at most, however
a record came to it, and what must have reached it once time has passed. Where nothing is delayed
and nothing passed on the two are the same.

- A later version of a warning goes to whoever was shown an earlier one, with what that reader was
  shown and with what makes it a correction.
- Who holds a record of another nation passes it on where that nation's agreement with him says so,
  and never more of it than he holds and than the reader may see of its originator.
- A recall goes where its record went, and each answer to whoever recalled.
"""

from msgspec import Struct

from bongsu.exercise.federation_plan import Agreement, FederationPlan
from bongsu.records.kinds import RecordKind, form_of
from bongsu.vocabulary.units import NationId

Fields = frozenset[str]

NOTHING: Fields = frozenset()
NO_AGREEMENT = Agreement(fields=NOTHING)
MAKES_A_CORRECTION = frozenset(
    {"warning_id", "version", "action", "node", "nation", "stated_at", "end_reason"}
)


class Bounds(Struct, frozen=True):
    """Of one record and one reader: at most, at least, and the delay of what is at least."""

    at_most: Fields = NOTHING
    at_least: Fields = NOTHING
    delay_s: int = 0


NEVER = Bounds()


class AgreedRelease:
    """Told of every record in the order in which its originator stored them."""

    def __init__(self, plan: FederationPlan) -> None:
        self._plan = plan
        self._shown: dict[tuple[str, NationId], Bounds] = {}  # by warning and reader

    def of(
        self, kind: RecordKind, originator: NationId, *, warning_id: str | None
    ) -> dict[NationId, Bounds]:
        """The bounds of a new record for every other nation."""
        found = {
            reader: self._directly(kind, originator, reader, warning_id)
            for reader in self._plan.partner_nations(originator)
        }
        if form_of(kind).authority:
            self._pass_on(found, kind, originator, warning_id)
        if warning_id is not None:
            for reader, bounds in found.items():
                self._note(warning_id, reader, bounds)
        return found

    def of_recall(self, about: str, originator: NationId) -> dict[NationId, Bounds]:
        """A recall of a warning, and the answers to it: where any version may have gone."""
        fields = frozenset(form_of(RecordKind.RECALL).fields) | frozenset(
            form_of(RecordKind.RECALL_ANSWER).fields
        )
        return {
            reader: Bounds(at_most=fields)
            for reader in self._plan.nations
            if reader == originator or self._shown.get((about, reader), NEVER).at_most
        }

    def of_holdings(
        self, teller: NationId, originator: NationId, fields: Fields
    ) -> dict[NationId, Bounds]:
        """Who is told which of an originator's warnings another node holds: who may see them."""
        return {
            reader: Bounds(at_most=fields, at_least=fields)
            for reader in self._plan.partner_nations(teller)
            if reader != originator and self._may_name(originator, reader)
        }

    def of_picture(
        self, teller: NationId, originator: NationId, fields: Fields, said: Fields
    ) -> dict[NationId, Bounds]:
        """Who is told what another node shows of an originator's warnings, and by which fields."""
        return {
            reader: Bounds(at_most=fields)
            for reader in self._plan.partner_nations(teller)
            if reader == originator or self._may_see_said(originator, reader, said)
        }

    def _may_see_said(self, originator: NationId, reader: NationId, said: Fields) -> bool:
        agreed = self._agreed(RecordKind.LAUNCH_WARNING, originator, reader)
        return MAKES_A_CORRECTION | said <= agreed.fields and not agreed.delay_s

    def may_stand_in_a_proof(
        self, kind: RecordKind, field: str, owner: NationId, reader: NationId
    ) -> bool:
        """Who proves that somebody told two stories shows its name and version, and no more."""
        in_proofs = kind is RecordKind.LAUNCH_WARNING and field in ("warning_id", "version")
        return in_proofs and self._may_name(owner, reader)

    def _may_name(self, originator: NationId, reader: NationId) -> bool:
        agreed = self._agreed(RecordKind.LAUNCH_WARNING, originator, reader)
        return {"warning_id", "version"} <= agreed.fields and not agreed.delay_s

    def may_see(self, kind: RecordKind, owner: NationId, reader: NationId) -> bool:
        """Whether a reader may see anything of such records, and at once."""
        agreed = self._agreed(kind, owner, reader)
        return bool(agreed.fields) and not agreed.delay_s

    def may_hold(self, field: str, owner: NationId, reader: NationId) -> bool:
        """Whether a reader may see that field in a record of some kind."""
        return any(field in self._agreed(kind, owner, reader).fields for kind in RecordKind)

    def delay_s(self, kind: RecordKind, owner: NationId, reader: NationId) -> int:
        """How long after it was stored a reader sees such a record, in seconds."""
        return self._agreed(kind, owner, reader).delay_s

    def was_shown(self, warning_id: str, reader: NationId) -> Fields:
        """What a reader may hold of the versions so far."""
        return self._shown.get((warning_id, reader), NEVER).at_most

    def _directly(
        self, kind: RecordKind, originator: NationId, reader: NationId, warning_id: str | None
    ) -> Bounds:
        agreed = self._agreed(kind, originator, reader)
        before = NEVER if warning_id is None else self._shown.get((warning_id, reader), NEVER)
        return Bounds(
            at_most=_corrected(agreed.fields, before.at_most),
            at_least=_corrected(agreed.fields, before.at_least),
            delay_s=agreed.delay_s,
        )

    def _pass_on(
        self,
        found: dict[NationId, Bounds],
        kind: RecordKind,
        originator: NationId,
        warning_id: str | None,
    ) -> None:
        """Until nothing is added any more: a record may come by several ways."""
        changed = True
        while changed:
            changed = False
            for holder in self._plan.nations:
                if holder == originator or not found.get(holder, NEVER).at_most:
                    continue
                for reader in self._plan.partner_nations(holder):
                    if reader == originator:
                        continue
                    known = found.get(reader, NEVER)
                    more = self._passed(found[holder], holder, reader, kind, originator, warning_id)
                    united = Bounds(
                        at_most=known.at_most | more.at_most,
                        at_least=known.at_least | more.at_least,
                        delay_s=known.delay_s,
                    )
                    if united != known:
                        found[reader], changed = united, True

    def _passed(
        self,
        held: Bounds,
        holder: NationId,
        reader: NationId,
        kind: RecordKind,
        originator: NationId,
        warning_id: str | None,
    ) -> Bounds:
        """What a holder gives a reader of another nation's record."""
        agreed = self._agreed(kind, originator, reader)
        here = self._agreed(kind, originator, holder)
        before = NOTHING if warning_id is None else self.was_shown(warning_id, reader)
        fields = agreed.fields if here.onward else NOTHING
        prompt = not (agreed.delay_s or held.delay_s) and here.onward
        return Bounds(
            at_most=_corrected(fields, before) & held.at_most,
            at_least=agreed.fields & held.at_least if prompt else NOTHING,
        )

    def _note(self, warning_id: str, reader: NationId, bounds: Bounds) -> None:
        before = self._shown.get((warning_id, reader), NEVER)
        surely = NOTHING if bounds.delay_s else bounds.at_least
        self._shown[warning_id, reader] = Bounds(
            at_most=before.at_most | bounds.at_most, at_least=before.at_least | surely
        )

    def _agreed(self, kind: RecordKind, originator: NationId, reader: NationId) -> Agreement:
        return self._plan.agreed.get((kind, originator, reader), NO_AGREEMENT)


def _corrected(fields: Fields, shown_before: Fields) -> Fields:
    return fields | shown_before | MAKES_A_CORRECTION if shown_before else fields
