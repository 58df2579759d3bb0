"""What each nation may see of each record, worked out from the plain table of what was agreed.

The rule of corrections is written anew here, on purpose: a later version of a warning goes to
whoever was shown an earlier one, with what that reader was shown and with what makes it one.
"""

from bongsu.exercise.federation_plan import FederationPlan
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NationId

NOTHING: frozenset[str] = frozenset()
MAKES_A_CORRECTION = frozenset(
    {"warning_id", "version", "action", "node", "nation", "stated_at", "end_reason"}
)


class AgreedRelease:
    """Told of every record in the order in which its originator stored them."""

    def __init__(self, plan: FederationPlan) -> None:
        self._plan = plan
        self._shown: dict[tuple[str, NationId], frozenset[str]] = {}  # by warning and reader

    def of(
        self, kind: RecordKind, originator: NationId, *, warning_id: str | None
    ) -> dict[NationId, frozenset[str]]:
        """The fields of a new record for each partner nation of its originator."""
        return {
            reader: self._fields(kind, originator, reader, warning_id)
            for reader in self._plan.partner_nations(originator)
        }

    def of_holdings(
        self, teller: NationId, originator: NationId, fields: frozenset[str]
    ) -> dict[NationId, frozenset[str]]:
        """Who is told which of an originator's warnings another node holds: who may see them."""
        return {
            reader: fields
            if reader != originator and self._may_name(originator, reader)
            else NOTHING
            for reader in self._plan.partner_nations(teller)
        }

    def may_stand_in_a_proof(
        self, kind: RecordKind, field: str, owner: NationId, reader: NationId
    ) -> bool:
        """Who proves that somebody told two stories shows its name and version, and no more."""
        in_proofs = kind is RecordKind.LAUNCH_WARNING and field in ("warning_id", "version")
        return in_proofs and self._may_name(owner, reader)

    def _may_name(self, originator: NationId, reader: NationId) -> bool:
        seen = self._agreed(RecordKind.LAUNCH_WARNING, originator, reader)
        return {"warning_id", "version"} <= seen

    def may_see(self, kind: RecordKind, owner: NationId, reader: NationId) -> bool:
        """Whether a reader may see anything of such records."""
        return bool(self._agreed(kind, owner, reader))

    def may_hold(self, field: str, owner: NationId, reader: NationId) -> bool:
        """Whether a reader may see that field in a record of some kind."""
        return any(field in self._agreed(kind, owner, reader) for kind in RecordKind)

    def _fields(
        self, kind: RecordKind, originator: NationId, reader: NationId, warning_id: str | None
    ) -> frozenset[str]:
        fields = self._agreed(kind, originator, reader)
        if warning_id is None:
            return fields
        earlier = self._shown.get((warning_id, reader), NOTHING)
        if earlier:
            fields |= earlier | MAKES_A_CORRECTION
        self._shown[warning_id, reader] = earlier | fields
        return fields

    def _agreed(self, kind: RecordKind, originator: NationId, reader: NationId) -> frozenset[str]:
        return self._plan.agreed.get((kind, originator, reader), NOTHING)
