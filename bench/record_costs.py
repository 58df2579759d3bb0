"""What one record costs in Python and in cryptography, step by step, on one core.

python -m bench.record_costs

Best of several repetitions, because what else runs on the machine only ever adds.
"""

import os
import timeit
from collections.abc import Callable, Iterator
from functools import partial

from bench.row import BenchRow
from rich.console import Console
from tests.records import made_up_nations as made_up

from bongsu.records.feed import Entry, entry_hash, genesis_hash
from bongsu.records.frame import open_frame, seal_frame
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import open_record
from bongsu.records.projection import project
from bongsu.records.record import Record, make_record, sign_statement
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.records.warnings_as_records import warning_to_fields
from bongsu.vocabulary.realm import Realm

REPETITIONS = 7
BATCH_S = 0.02
ENTRIES = 256
REALM = Realm.EXERCISE

Steps = Iterator[tuple[str, Callable[[], object], int]]  # what, call, records in one call


def rows() -> tuple[BenchRow, ...]:
    """One row per step, microseconds per record."""
    return tuple(
        BenchRow(name=name, value=_best_us(call) / per_call, unit="us")
        for steps in (_bulk(), _framed(), _warning(), _cryptography())
        for name, call, per_call in steps
    )


def _best_us(call: Callable[[], object]) -> float:
    timer = timeit.Timer(call)
    calls, took_s = timer.autorange()
    calls = max(1, round(calls * BATCH_S / took_s))
    return min(timer.repeat(REPETITIONS, calls)) / calls * 1e6


def _stated(kind: RecordKind, fields: dict[str, object]) -> Record:
    return make_record(
        kind,
        realm=REALM,
        originator=made_up.KR_1,
        created_at=made_up.NOW,
        signed_at=made_up.NOW,
        fields=fields,
        salts=os.urandom,
    )


def _projected() -> Record:
    fields = track_to_fields(made_up.TRACK)
    record = _stated(RecordKind.TRACK_UPDATE, fields)
    return project(record, fields.keys() - {"sensors"}, visible=lambda _: True)


def _bulk() -> Steps:
    fields = track_to_fields(made_up.TRACK)
    record = _stated(RecordKind.TRACK_UPDATE, fields)
    allowed = fields.keys() - {"sensors"}
    shown = _projected()
    entry = Entry(sequence=1, record=shown)
    before = genesis_hash(made_up.feed_id())
    trust = made_up.trust(REALM)
    yield "track update: state", lambda: _stated(RecordKind.TRACK_UPDATE, fields), 1
    yield "track update: project", lambda: project(record, allowed, visible=lambda _: True), 1
    yield "track update: chain", lambda: entry_hash(before, entry), 1
    yield (
        "track update: open",
        lambda: open_record(shown, trust=trust, verifier=made_up.VERIFIER, vouched_by=made_up.KR_1),
        1,
    )


def _framed() -> Steps:
    opener, announcement = made_up.reader_key()
    frame = made_up.frame_of([_projected() for _ in range(ENTRIES)])
    sealed = seal_frame(frame, to=announcement, sealer=made_up.SEALER)
    trust = made_up.trust(REALM)
    yield (
        f"frame of {ENTRIES}: encode and seal, per entry",
        lambda: seal_frame(frame, to=announcement, sealer=made_up.SEALER),
        ENTRIES,
    )
    yield (
        f"frame of {ENTRIES}: unseal, chain, verify, per entry",
        lambda: open_frame(
            sealed,
            reader=made_up.US_1,
            openers={announcement.key_id: opener},
            trust=trust,
            verifier=made_up.VERIFIER,
        ),
        ENTRIES,
    )


def _warning() -> Steps:
    fields = warning_to_fields(made_up.WARNING)
    record = made_up.warning_record()
    signer = made_up.nation(made_up.KR, REALM).node
    trust = made_up.trust(REALM)
    yield "warning: state", lambda: _stated(RecordKind.LAUNCH_WARNING, fields), 1
    yield "warning: sign", lambda: sign_statement(record.statement, signer, realm=REALM), 1
    yield (
        "warning: verify and open",
        lambda: open_record(record, trust=trust, verifier=made_up.VERIFIER),
        1,
    )


def _cryptography() -> Steps:
    message, context = bytes(100), b"bongsu/1/exercise/head"
    sensor = made_up.nation(made_up.KR, REALM).sensor
    node = made_up.nation(made_up.KR, REALM).node
    for name, signer in (("Ed25519", sensor), ("Ed25519 + ML-DSA-65", node)):
        pair = signer.sign(message, context=context)
        yield f"{name} sign", partial(signer.sign, message, context=context), 1
        check = partial(made_up.VERIFIER.verify, signer.public, message, pair, context=context)
        yield f"{name} verify", check, 1
    opener, _ = made_up.reader_key()
    sealed = made_up.SEALER.seal(opener.public_key, bytes(1024), info=b"")
    yield (
        "HPKE seal 1 KiB",
        lambda: made_up.SEALER.seal(opener.public_key, bytes(1024), info=b""),
        1,
    )
    yield "HPKE open 1 KiB", lambda: opener.open(sealed, info=b""), 1


if __name__ == "__main__":
    console = Console(highlight=False)
    for row in rows():
        console.print(f"{row.name:50} {row.value:8.2f} {row.unit}")
