"""Forged, swapped, stripped and doubled parts of records are refused."""

import msgspec
import pytest
from tests.records.disclosed import disclose
from tests.records.made_up_nations import (
    DAY_NS,
    KR,
    KR_1,
    NOW,
    US,
    US_1,
    VERIFIER,
    nation,
    track_record,
    trust,
    warning_record,
)

from bongsu.records.disclosure import digest_of, name_of
from bongsu.records.encoding import encode
from bongsu.records.keys import SignaturePair
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord, open_record, open_unverified_record
from bongsu.records.record import STATEMENT, Record, Statement, sign_statement
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, UtcNs

EXERCISE = Realm.EXERCISE


def opened(record: Record, *, vouched_by: NodeId | None = None) -> OpenedRecord:
    return open_record(record, trust=trust(EXERCISE), verifier=VERIFIER, vouched_by=vouched_by)


def replaced(record: Record, **changes: object) -> Record:
    return msgspec.structs.replace(record, **changes)


def stated(disclosures: tuple[bytes, ...], **changes: object) -> Record:
    """A warning with exactly these disclosures, properly signed by KR-1."""
    statement = Statement(
        kind=RecordKind.LAUNCH_WARNING,
        realm=EXERCISE,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        digests=tuple(sorted(digest_of(one) for one in set(disclosures))),
    )
    data = STATEMENT.encode(msgspec.structs.replace(statement, **changes))
    signatures = sign_statement(data, nation(KR, EXERCISE).node, realm=EXERCISE)
    return Record(statement=data, disclosures=disclosures, signatures=signatures)


def place_of(record: Record, name: str) -> int:
    return [name_of(one) for one in record.disclosures].index(name)


def exchanged(record: Record, place: int, disclosure: bytes) -> Record:
    disclosures = list(record.disclosures)
    disclosures[place] = disclosure
    return replaced(record, disclosures=tuple(disclosures))


def test_a_whole_record_opens_with_its_values() -> None:
    view = opened(warning_record())
    assert view.kind is RecordKind.LAUNCH_WARNING
    assert (view.originator, view.created_at, view.signed_at) == (KR_1, NOW, NOW)
    assert view.withheld == view.unknown == ()
    assert view.fields["warning_id"] == "KR-1/W0001"


def test_other_fields_of_the_same_number_are_read_as_what_they_are() -> None:
    """Names are first taken to be those of the record before."""
    record = track_record()
    for gone in ("sensors", "state", "phase", "sensors"):
        place = place_of(record, gone)
        shown = record.disclosures[:place] + record.disclosures[place + 1 :]
        view = opened(replaced(record, disclosures=shown), vouched_by=KR_1)
        assert view.withheld == (gone,)
        whole = opened(record, vouched_by=KR_1).fields
        assert view.fields == {name: whole[name] for name in whole if name != gone}


def test_swapped_fields_of_one_form_are_not_taken_for_one_another() -> None:
    record = track_record()
    first, second = place_of(record, "at"), place_of(record, "first_observed_at")
    swapped = exchanged(record, first, record.disclosures[second])
    swapped = exchanged(swapped, second, record.disclosures[first])
    assert opened(swapped, vouched_by=KR_1).fields == opened(record, vouched_by=KR_1).fields


def test_a_forged_disclosure_is_refused() -> None:
    record = warning_record()
    place = place_of(record, "version")
    salt = record.disclosures[place][3:19]
    with pytest.raises(PeerViolation, match="lists no such digest"):
        opened(exchanged(record, place, disclose(salt, "version", 99)))


def test_a_swapped_salt_is_refused() -> None:
    record = warning_record()
    place = place_of(record, "version")
    other_salt = record.disclosures[0][3:19]
    with pytest.raises(PeerViolation, match="lists no such digest"):
        opened(exchanged(record, place, disclose(other_salt, "version", 2)))


def test_a_disclosure_under_another_statement_is_refused() -> None:
    warning, track = warning_record(), track_record()
    with pytest.raises(PeerViolation, match="lists no such digest"):
        opened(replaced(warning, disclosures=track.disclosures))


def test_a_decoy_has_no_disclosure() -> None:
    record = warning_record()
    listed = set(STATEMENT.decode(record.statement).digests)
    decoys = listed - {digest_of(one) for one in record.disclosures}
    assert decoys
    for digest in decoys:
        with pytest.raises(PeerViolation):
            opened(replaced(record, disclosures=(digest,)))


def test_one_field_disclosed_twice_is_refused() -> None:
    record = warning_record()
    with pytest.raises(PeerViolation, match="disclosed twice"):
        opened(replaced(record, disclosures=(record.disclosures[0],) * 2))


def test_two_values_of_one_field_are_refused_although_both_are_signed() -> None:
    values = (disclose(b"s" * 16, "version", 1), disclose(b"t" * 16, "version", 2))
    with pytest.raises(PeerViolation, match="disclosed twice"):
        opened(stated(values))


@pytest.mark.parametrize(
    ("disclosure", "why"),
    [
        (encode((b"s" * 15, "version", 1)), "length"),
        (encode((b"s" * 17, "version", 1)), "length"),
        (encode((b"s" * 16, "version")), "length 3"),
        (encode((b"s" * 16, "version", 1, 1)), "at most"),
        (encode({"salt": b"s" * 16}), "array"),
        (encode((b"s" * 16, "version", "one")), "int"),
        (encode((b"s" * 16, "version", None)), "int"),
        (encode((b"s" * 16, "version", 0)), ">= 1"),
        (encode((b"s" * 16, "version", 1.0)), "version"),
        (b"\x93\xc4\x10" + b"s" * 16 + b"\xa7version\xcc\x01", "canonical"),
        (b"\x93\xc4\x10" + b"s" * 16 + b"\xd9\x07version\x01", "canonical"),
        (encode((b"s" * 16, "launch", (1.0, 2.0))), "launch"),
        (encode((b"s" * 16, "Version", 1)), "no field's name"),
        (encode((b"s" * 16, "a/../b", 1)), "no field's name"),
        (encode((b"s" * 16, "derived_from/01", b"x" * 32)), "no field's name"),
        (encode((b"s" * 16, "derived_from/", b"x" * 32)), "no field's name"),
        (encode((b"s" * 16, "x" * 65, 1)), "length <= 64"),
        (b"\x93\xc4\x10" + b"s" * 16 + b"\xd9\x04mark\x01", "canonical"),
        (encode((b"s" * 16, "caveats", ("x" * 2000,))), "length"),
        (b"\x93\xc4\x10" + b"s" * 16 + b"\xa6caveat" + b"\x91" * 2000 + b"\xc0", "recursion"),
    ],
)
def test_a_malformed_disclosure_is_refused_although_it_is_signed(
    disclosure: bytes, why: str
) -> None:
    with pytest.raises(PeerViolation, match=why):
        opened(stated((disclosure,)))


def test_a_field_of_a_later_version_is_listed_and_its_bytes_kept() -> None:
    later = disclose(b"s" * 16, "debris_cloud", ("anything", 1))
    record = stated((disclose(b"t" * 16, "version", 7), later))
    view = opened(record)
    assert view.unknown == ("debris_cloud",)
    assert view.fields["version"] == 7
    assert later in record.disclosures


def test_an_item_beyond_an_unknown_number_shows_as_withheld() -> None:
    view = opened(stated((disclose(b"s" * 16, "derived_from/7", b"x" * 32),)))
    assert view.fields["derived_from"] == (b"x" * 32,)
    assert "derived_from" in view.withheld


def test_a_warning_without_signatures_is_refused_whoever_vouches() -> None:
    with pytest.raises(PeerViolation, match="without its originator's signatures"):
        opened(warning_record(signed=False), vouched_by=KR_1)


def test_a_warning_without_its_post_quantum_signature_is_refused() -> None:
    record = warning_record()
    assert record.signatures is not None
    stripped = SignaturePair(ed25519=record.signatures.ed25519)
    with pytest.raises(PeerViolation, match="ML-DSA-65 signature is missing"):
        opened(replaced(record, signatures=stripped))


@pytest.mark.parametrize("part", ["ed25519", "ml_dsa_65"])
def test_either_half_of_the_signatures_alone_is_not_enough(part: str) -> None:
    record = warning_record()
    assert record.signatures is not None
    other = sign_statement(b"something else", nation(KR, EXERCISE).node, realm=EXERCISE)
    mixed = msgspec.structs.replace(record.signatures, **{part: getattr(other, part)})
    with pytest.raises(PeerViolation, match="does not verify"):
        opened(replaced(record, signatures=mixed))


def test_another_nations_signature_is_refused() -> None:
    record = warning_record(signed=False)
    signatures = sign_statement(record.statement, nation(US, EXERCISE).node, realm=EXERCISE)
    with pytest.raises(PeerViolation, match="does not verify"):
        opened(replaced(record, signatures=signatures))


def test_a_bulk_record_stands_only_under_its_own_originators_head() -> None:
    record = track_record()
    assert opened(record, vouched_by=KR_1).originator == KR_1
    for other in (US_1, None):
        with pytest.raises(PeerViolation, match="nobody vouches"):
            opened(record, vouched_by=other)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"digests": (b"b" * 32, b"a" * 32)}, "rising order"),
        ({"digests": (b"a" * 32, b"a" * 32)}, "rising order"),
        ({"digests": (b"a" * 31,)}, "length"),
        ({"originator": "KR"}, "regex"),
        ({"version": 2}, "<= 1"),
        ({"signed_at": UtcNs(NOW + 2 * DAY_NS)}, "not valid at"),
        ({"originator": "KR-9"}, "unknown"),
        ({"created_at": -1}, ">= 0"),
    ],
)
def test_a_statement_that_breaks_a_rule_is_refused_although_it_is_signed(
    changes: dict[str, object], why: str
) -> None:
    with pytest.raises(PeerViolation, match=why):
        opened(stated((), **changes))


def test_an_unknown_kind_is_refused() -> None:
    record = warning_record()
    other = record.statement.replace(b"launch_warning", b"launch_command")
    with pytest.raises(PeerViolation, match="Invalid enum value"):
        opened(replaced(record, statement=other))


def test_reading_without_the_origin_still_checks_realm_and_digests() -> None:
    record = warning_record(signed=False)
    assert open_unverified_record(record, realm=EXERCISE).record_id == record.record_id
    with pytest.raises(PeerViolation, match="marked EXERCISE, here is LIVE"):
        open_unverified_record(record, realm=Realm.LIVE)
    with pytest.raises(PeerViolation, match="lists no such digest"):
        open_unverified_record(
            replaced(record, disclosures=track_record().disclosures), realm=EXERCISE
        )
