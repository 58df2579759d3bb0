"""Write the fuzzers' corpus anew, from real structures: `python -m fuzz.make_corpus`.

The keys that sign differ from run to run, so the files do too; what they reach does not. Do it when
a structure's form has changed, and commit the new files.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fuzz.known_world import ANNOUNCED, SEALED_WAY
from fuzz.readers import LABEL, Reader, disclosure_of, readers
from tests.records.made_up_guideline import guideline_text
from tests.records.made_up_nations import SEALER, frame_of, track_record, warning_record
from tests.records.samples import SAMPLES

from bongsu.adapters.keys.armored_text import armored
from bongsu.records.frame import FRAME, seal_frame
from bongsu.records.kinds import RecordKind

CORPUS = Path(__file__).parent / "corpus"


def main() -> None:
    """Replace both folders."""
    for name, inputs in (("decoder", _for_decoders()), ("frame", _for_frames())):
        folder = CORPUS / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        counts: Counter[str] = Counter()
        for what, data in inputs:
            counts[what] += 1
            (folder / f"{what.replace(' ', '-')}-{counts[what]}.bin").write_bytes(data)


def _for_decoders() -> Iterator[tuple[str, bytes]]:
    by_name = {reader.name: reader for reader in readers().values()}

    def seed(name: str, data: bytes) -> tuple[str, bytes]:
        reader: Reader = by_name[name]
        return name, reader.selector + data

    for codec, data in SAMPLES.values():
        yield seed(codec.what, data)
    for kind, record in (
        (RecordKind.LAUNCH_WARNING, warning_record()),
        (RecordKind.TRACK_UPDATE, track_record()),
    ):
        for disclosure in record.disclosures:
            yield seed(disclosure_of(kind), disclosure)
    yield seed("guideline", guideline_text())
    blocks = "".join(armored(LABEL, bytes(range(size))) for size in (1, 100))
    yield seed("armored text", blocks.encode())


def _for_frames() -> Iterator[tuple[str, bytes]]:
    for records in (
        [track_record()],
        [track_record(), track_record()],
        [warning_record(signed=False)],
        [warning_record()],
    ):
        frame = frame_of(records)
        yield "inner frame", bytes([SEALED_WAY + 1]) + FRAME.encode(frame)
    sealed = seal_frame(frame_of([track_record()]), to=ANNOUNCED, sealer=SEALER)
    yield "sealed frame", bytes([SEALED_WAY]) + sealed


if __name__ == "__main__":
    main()
