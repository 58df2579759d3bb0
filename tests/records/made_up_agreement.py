"""A made-up agreement in plain words, and what it lets each nation see: the oracle of releases.

Written independently of the rule code: it asks the table alone.
"""

from tests.records.made_up_guideline import guideline_text, in_force, rule

from bongsu.records.kinds import RecordKind, field_names
from bongsu.vocabulary.units import NationId

NATIONS = [NationId(name) for name in ("KR", "US", "JP", "FR")]  # FR is no party
WARNING, TRACK = RecordKind.LAUNCH_WARNING, RecordKind.TRACK_UPDATE
LISTED = {
    "launch_warning": {"warning_id", "version", "launch", "sensors", "impact"},
    "track_update": {"track_id", "state", "sensors"},
}
EVERYTHING = {kind.value: set(field_names(kind)) for kind in RecordKind}
STARTING = {
    "guideline_draft",
    "guideline_signature",
    "key_certificate",
    "key_revocation",
    "held_warnings",
    "site_status",
    "shown_picture",
}
TRUSTED = frozenset(NATIONS[:3])  # nobody has compared the fingerprint of FR's root
FIELDS = "\n".join(
    f"{kind} = [{', '.join(repr(name) for name in sorted(names))}]"
    for kind, names in LISTED.items()
)

# The made-up agreement in plain words, as the oracle reads it:
# kind, originator, reader -> withheld, and whether the reader may pass it on.
AGREED: dict[tuple[str, str, str], tuple[set[str], bool]] = {
    ("launch_warning", "KR", "US"): (set(), True),
    ("launch_warning", "KR", "JP"): ({"sensors"}, False),
    ("launch_warning", "US", "KR"): ({"sensors", "launch"}, False),
    ("launch_warning", "JP", "KR"): (set(), True),
    ("launch_warning", "JP", "US"): ({"impact"}, False),
    ("track_update", "KR", "US"): ({"sensors"}, True),
    ("track_update", "US", "JP"): (set(), False),
}
TEXT = guideline_text(
    parties='"KR", "US", "JP"',
    fields=FIELDS,
    rules="".join(
        rule(
            originator,
            reader,
            kind=kind,
            withhold=", ".join(repr(name) for name in sorted(withheld)),
            onward=onward,
        )
        for (kind, originator, reader), (withheld, onward) in AGREED.items()
    ),
)
IN_FORCE = in_force(TEXT)


def oracle(
    agreed: bool,
    kind: RecordKind | None,
    originator: str | None,
    sender: str | None,
    reader: str | None,
) -> set[str]:
    """What may be shown, from the table above and the two fixed rules alone."""
    for attribute in (kind, originator, sender, reader):
        if attribute is None or attribute == "":
            return set()
    assert kind is not None
    if sender == originator == reader:
        return EVERYTHING[kind.value]  # between sites of one nation
    if kind.value in STARTING:
        return EVERYTHING[kind.value] if sender == originator and reader in TRUSTED else set()
    if not agreed:
        return set()
    assert originator is not None
    assert reader is not None
    entry = AGREED.get((kind.value, originator, reader))
    if entry is None:
        return set()
    if sender != originator:
        first_hop = AGREED.get((kind.value, originator, str(sender)))
        if first_hop is None or first_hop[1] is False:
            return set()
    return LISTED[kind.value] - entry[0]
