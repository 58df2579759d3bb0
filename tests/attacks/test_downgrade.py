"""Attack: talk two nodes down: to no post-quantum part, to a version below the agreed minimum, to
no certificate or one of a foreign authority.

Passes when there is no session: nothing is sealed to such a partner, and nothing of it is taken.
Version N and the one before it work together. Only one version exists yet, so N here is a later
program that speaks 1 and 2, and the one before it is this program.

What a link without a client's certificate or with a foreign authority's gets (nothing) stands in
`tests/adapters/engines/test_zenoh_engine.py`, with real sessions.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.disclosed import disclose
from tests.records.made_up_nations import (
    KR,
    KR_1,
    US_1,
    WARNING,
    counted_salts,
    nation,
    warning_record,
)

from bongsu.records.disclosure import digest_of, name_of
from bongsu.records.encoding import Codec
from bongsu.records.feed import SIGNED_HEAD, SIGNED_RECEIPT
from bongsu.records.keys import SignaturePair
from bongsu.records.names import VERSION
from bongsu.records.reader_key import SIGNED_ANNOUNCEMENT
from bongsu.records.record import STATEMENT, Record, sign_statement
from bongsu.records.versions import Versions
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm

EXERCISE = Realm.EXERCISE
LATER = Versions(speaks=(VERSION, VERSION + 1))
LATER_ONLY = Versions(speaks=(VERSION, VERSION + 1), minimum=VERSION + 1)


def halved(signatures: SignaturePair) -> SignaturePair:
    return SignaturePair(ed25519=signatures.ed25519)


def without_post_quantum_half(what: str, korea: PlayedKorea) -> bytes:
    signed_things: dict[str, tuple[Codec[Any], bytes]] = {
        "head": (SIGNED_HEAD, korea.head()),
        "receipt": (SIGNED_RECEIPT, korea.receipt(0, bytes(32))),
        "key": (SIGNED_ANNOUNCEMENT, korea.announcement()),
    }
    codec, payload = signed_things[what]
    signed = codec.decode(payload)
    return codec.encode(msgspec.structs.replace(signed, signatures=halved(signed.signatures)))


@pytest.mark.parametrize("what", ["head", "receipt", "key"])
def test_what_lacks_its_post_quantum_half_opens_no_session(what: str) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        states.brings(KR_1, what, without_post_quantum_half(what, PlayedKorea(states)))
        await states.sees(states.observed())
        await pass_time()
        [line] = states.journal.of("refused")
        assert "ML-DSA-65 signature is missing" in line["reason"]
        assert world.sent(US_1, "urgent") == []
        assert states.journal.of("link_heard") == []

    play(story)


def test_a_record_without_its_post_quantum_half_is_not_accepted() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        good = warning_record()
        assert good.signatures is not None
        PlayedKorea(states).sends(
            Record(
                statement=good.statement,
                disclosures=good.disclosures,
                signatures=halved(good.signatures),
            )
        )
        await pass_time()
        assert states.journal.of("partner_warning") == []
        [line] = states.journal.of("refused")
        assert "ML-DSA-65 signature is missing" in line["reason"]

    play(story)


async def a_link(world: World, ours: Versions, theirs: Versions) -> tuple[Machine, Machine]:
    """Two real nodes of two programs; each has something to say."""
    korea = world.machine(KR_1, US_1, versions=theirs)
    states = world.machine(US_1, KR_1, versions=ours)
    await pass_time(3.0)
    await korea.sees(korea.observed())
    await states.sees(states.observed("T9"))
    await pass_time(5.0)
    return korea, states


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(LATER, Versions()), (Versions(), LATER), (LATER, LATER), (Versions(), Versions())],
    ids=["N and N-1", "N-1 and N", "N and N", "N-1 and N-1"],
)
def test_a_version_and_the_one_before_it_work_together(ours: Versions, theirs: Versions) -> None:
    async def story(world: World) -> None:
        korea, states = await a_link(world, ours, theirs)
        assert len(states.warnings_of(KR_1)) == len(korea.warnings_of(KR_1)) >= 1
        assert len(korea.warnings_of(US_1)) == len(states.warnings_of(US_1)) >= 1
        assert korea.refused() == states.refused() == 0
        link = states.node._links[KR_1].as_seen()
        assert link["speaks"] == theirs.speaks

    play(story)


@pytest.mark.parametrize(
    "theirs",
    [Versions(), Versions(speaks=(VERSION + 5,))],
    ids=["below the minimum", "nothing in common"],
)
def test_a_partner_that_speaks_no_version_we_accept_gets_nothing_and_gives_nothing(
    theirs: Versions,
) -> None:
    async def story(world: World) -> None:
        _, states = await a_link(world, LATER_ONLY, theirs)
        assert states.journal.of("link_heard") == []
        assert states.warnings_of(KR_1) == []
        for channel in ("urgent", "bulk", "receipt", "ask"):
            assert world.sent(US_1, channel) == []
        [line, *_] = states.journal.of("refused")
        assert line["reason"].startswith("KR-1 speaks version ")
        assert "minimum 2" in line["reason"] or "we speak versions 1, 2" in line["reason"]
        assert line["remedy"]

    play(story)


def test_a_partner_that_was_updated_is_heard_from_then_on_and_its_past_says_nothing() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, versions=LATER_ONLY)
        await pass_time()
        korea = PlayedKorea(states)
        old = korea.announcement(speaks=(VERSION,))
        states.brings(KR_1, "key", old)
        korea.sends(warning_record())
        await pass_time(1.0)
        assert states.journal.of("partner_warning") == []
        states.brings(KR_1, "key", korea.announcement(speaks=(VERSION, VERSION + 1)))
        states.brings(KR_1, "key", old)  # a relay plays the past back
        korea.sequence, korea.hashes = 0, []
        korea.sends(warning_record())
        await states.sees(states.observed())
        await pass_time()
        assert len(states.journal.of("partner_warning")) == 1
        assert len(world.sent(US_1, "urgent")) == 1

    play(story)


def test_a_partner_that_goes_back_below_the_minimum_is_sealed_to_no_more() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, versions=LATER_ONLY)
        await pass_time()
        korea = PlayedKorea(states)
        states.brings(KR_1, "key", korea.announcement(speaks=(VERSION, VERSION + 1)))
        await pass_time()
        states.brings(KR_1, "key", korea.announcement(speaks=(VERSION,)))
        await states.sees(states.observed())
        await pass_time(1.0)
        assert world.sent(US_1, "urgent") == []

    play(story)


def test_what_a_node_speaks_is_signed_with_its_key() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, versions=LATER_ONLY)
        await pass_time()
        korea = PlayedKorea(states)
        old = SIGNED_ANNOUNCEMENT.decode(korea.announcement(speaks=(VERSION,)))
        raised = old.announcement[:-2] + b"\x92\x01\x02"  # speaks: [1] made [1, 2]
        assert old.announcement[-2:] == b"\x91\x01"
        forged = SIGNED_ANNOUNCEMENT.encode(msgspec.structs.replace(old, announcement=raised))
        states.brings(KR_1, "key", forged)
        await pass_time()
        [line] = states.journal.of("refused")
        assert "does not verify" in line["reason"]

    play(story)


@dataclass(frozen=True)
class OtherProgram:
    """How another version of the program states a warning: with fields of its own list."""

    left_out: frozenset[str] = frozenset()
    added: tuple[tuple[str, object], ...] = ()

    def record(self) -> Record:
        good = warning_record(signed=False)
        salts = counted_salts()
        disclosures = [one for one in good.disclosures if name_of(one) not in self.left_out]
        disclosures += [disclose(salts(16), name, value) for name, value in self.added]
        statement = msgspec.structs.replace(
            STATEMENT.decode(good.statement),
            digests=tuple(sorted(digest_of(one) for one in disclosures)),
        )
        data = STATEMENT.encode(statement)
        return Record(
            statement=data,
            disclosures=tuple(disclosures),
            signatures=sign_statement(data, nation(KR, EXERCISE).node, realm=EXERCISE),
        )


@pytest.mark.parametrize(
    "program",
    [
        OtherProgram(left_out=frozenset({"launch_cell_20km"})),
        OtherProgram(added=(("debris_cloud", (1.5, "wide")),)),
    ],
    ids=["of the version before", "of the next version"],
)
def test_a_warning_of_a_neighbouring_version_is_shown_and_its_bytes_are_kept(
    program: OtherProgram,
) -> None:
    """A field that did not exist then shows as withheld; one that we don't know keeps its bytes."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        record = program.record()
        PlayedKorea(states).sends(record)
        await pass_time()
        [line] = states.journal.of("partner_warning")
        assert line["warning"].warning_id == WARNING.warning_id
        assert set(program.left_out) <= set(line["warning"].withheld)
        [row] = states.disk.records.values()
        for name, value in program.added:
            assert disclose(counted_salts()(16), name, value) in row.encoded
        assert states.refused() == 0

    play(story)


def test_a_minimum_that_this_program_does_not_speak_is_refused_at_the_start() -> None:
    with pytest.raises(LocalMisuse, match="this program speaks version 1"):
        Versions(minimum=VERSION + 1)


@pytest.mark.parametrize("speaks", [(2, 1), (1, 1), ()])
def test_versions_are_stated_in_rising_order(speaks: tuple[int, ...]) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        states.brings(KR_1, "key", PlayedKorea(states).announcement(speaks=speaks))
        await pass_time()
        [line] = states.journal.of("refused")
        assert "key announcement refused" in line["reason"]

    play(story)
