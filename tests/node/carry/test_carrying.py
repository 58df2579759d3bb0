"""Feeds carried as files: the same entries as by wire, once, and the keys of it are gone after."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.adapters.engines.carry_manifest import MANIFEST_FILE
from bongsu.node.carry import carry_export
from bongsu.records.carry_key import STOCK_KEYS
from bongsu.records.feed import FeedId
from bongsu.records.lane import Lane
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

Answer = dict[str, Any]


@dataclass
class Pair:
    """Korea and the United States, on one stick's way from each other."""

    world: World
    korea: Machine
    states: Machine
    folder: Path
    trips: int = 0

    async def cut(self) -> None:
        """From now on no wire works."""
        self.world.network.cut(KR_1, US_1)
        await pass_time(4.0)

    async def warns(self, *names: str) -> None:
        """Korea sees further tracks, and states warnings."""
        await self.korea.sees(*(self.korea.observed(name) for name in names))
        await pass_time(1.0)

    async def exported(self, sender: Machine, reader: NodeId) -> tuple[Path, Answer]:
        self.trips += 1
        folder = self.folder / f"trip-{self.trips}"
        return folder, await asked(sender, "carry_export", to=reader, folder=str(folder))

    async def carried(self, sender: Machine, reader: Machine) -> Answer:
        """One trip there."""
        folder, _ = await self.exported(sender, reader.node_id)
        return await imported(reader, folder)

    def require_same_history(self) -> None:
        """What Korea released is in the States' log, entry by entry; each warning showed once."""
        for lane in Lane:
            feed = FeedId(realm=Realm.EXERCISE, sender=KR_1, reader=US_1, lane=lane, epoch=1)
            assert self.states.disk.entries.get(feed) == self.korea.disk.entries.get(feed)
        shown = [line["record_id"] for line in self.states.journal.of("partner_warning")]
        assert len(shown) == len(set(shown)) == len(self.korea.warnings_of(KR_1))


async def asked(machine: Machine, command: str, **body: object) -> Answer:
    answer = await machine.node.control.call(command, body)
    assert isinstance(answer, dict)
    return answer


async def imported(reader: Machine, folder: Path) -> Answer:
    return await asked(reader, "carry_import", folder=str(folder))


def outcomes(answer: Answer, *, frames_only: bool = True) -> Counter[str]:
    return Counter(
        one["outcome"]
        for one in answer["files"]
        if not frames_only or one["name"].endswith(("urgent", "bulk"))
    )


Story = Callable[[Pair], Coroutine[Any, Any, None]]


def carry(folder: Path, story: Story) -> None:
    """Play a story of two nodes that had a link, and with it each other's keys."""

    async def whole(world: World) -> None:
        korea, states = (
            world.machine(one, other, carry_folder=folder / one)
            for one, other in ((KR_1, US_1), (US_1, KR_1))
        )
        await pass_time(3.0)
        await story(Pair(world, korea, states, folder))

    play(whole)


def test_while_a_link_is_up_both_sides_hold_a_stock_of_each_others_keys(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        for machine in (pair.korea, pair.states):
            [seen] = (await asked(machine, "carry_keys"))["partners"]
            assert (seen["given"], seen["held"], seen["why_none"]) == (STOCK_KEYS, STOCK_KEYS, "")
        assert pair.korea.refused() == pair.states.refused() == 0

    carry(tmp_path, story)


def test_a_warning_goes_by_stick_and_its_receipt_comes_back_by_stick(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await pair.cut()
        await pair.warns("T1", "T2")
        folder, exported = await pair.exported(pair.korea, US_1)
        assert exported["entries"] == {"urgent": 2, "bulk": 2}
        assert (exported["frames"], exported["left"]) == (2, 0)
        assert outcomes(await imported(pair.states, folder)) == {"new": 2}
        pair.require_same_history()
        assert pair.states.refused() == 0
        came_back = await pair.carried(pair.states, pair.korea)
        assert [one["detail"] for one in came_back["files"] if one["outcome"] == "new"][1:] == [
            "a receipt: US-1 has 2 of our entries",
            "a receipt: US-1 has 4 of our entries",
        ]
        _, again = await pair.exported(pair.korea, US_1)
        assert (again["frames"], again["left"], again["why_left"]) == (0, 0, "")

    carry(tmp_path, story)


def test_a_folder_that_is_imported_again_shows_nothing_twice_and_its_keys_are_gone(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair) -> None:
        await pair.cut()
        await pair.warns("T1")
        folder, _ = await pair.exported(pair.korea, US_1)
        copy = tmp_path / "a copy that somebody kept"
        shutil.copytree(folder, copy)
        assert outcomes(await imported(pair.states, folder)) == {"new": 2}
        for again in (folder, copy):
            answer = await imported(pair.states, again)
            assert outcomes(answer, frames_only=False) == {"duplicate": 3}
            assert "its key is erased" in answer["files"][1]["detail"]
        pair.require_same_history()
        [seen] = (await asked(pair.states, "carry_keys"))["partners"]
        assert seen["given"] == STOCK_KEYS - 2
        assert pair.states.refused() == 0

    carry(tmp_path, story)


def test_what_came_by_stick_does_not_come_again_by_the_mended_wire(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await pair.cut()
        await pair.warns("T1", "T2")
        await pair.carried(pair.korea, pair.states)
        await pair.warns("T1", "T2", "T3")
        pair.world.network.mend(KR_1, US_1)
        await pass_time(5.0)
        pair.require_same_history()
        link = pair.korea.node._links[US_1]
        assert all(feed.machine.acknowledged for feed in link.outgoing.values())
        assert link.is_delivered
        assert pair.states.refused() == 0

    carry(tmp_path, story)


def test_a_later_trip_repeats_what_was_not_acknowledged_and_every_frame_has_a_key_of_its_own(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair) -> None:
        await pair.cut()
        await pair.warns("T1")
        first, _ = await pair.exported(pair.korea, US_1)
        await pair.warns("T1", "T2")
        second, told = await pair.exported(pair.korea, US_1)
        assert told["keys_left"] == STOCK_KEYS - 4
        assert outcomes(await imported(pair.states, second)) == {"new": 2}
        late = await imported(pair.states, first)
        assert [one["detail"] for one in late["files"][1:]] == [
            "urgent entries 1 to 1 were here",
            "bulk entries 1 to 1 were here",
        ]
        pair.require_same_history()

    carry(tmp_path, story)


def damaged(folder: Path, name: str, *, unnoticed: bool) -> Path:
    """A copy with one bit of a file flipped; `unnoticed`: the manifest agrees with it."""
    copy = folder.with_name(f"{folder.name}-damaged")
    shutil.copytree(folder, copy)
    data = bytearray((copy / name).read_bytes())
    data[-1] ^= 1
    (copy / name).write_bytes(data)
    if unnoticed:
        manifest = json.loads((copy / MANIFEST_FILE).read_text())
        for file in manifest["files"]:
            if file["name"] == name:
                file["sha256"] = hashlib.sha256(data).hexdigest()
        (copy / MANIFEST_FILE).write_text(json.dumps(manifest))
    return copy


@pytest.mark.parametrize("unnoticed", [False, True])
def test_a_frame_that_was_damaged_is_refused_and_its_key_waits_for_a_whole_copy(
    tmp_path: Path, unnoticed: bool
) -> None:
    async def story(pair: Pair) -> None:
        await pair.cut()
        await pair.warns("T1")
        folder, _ = await pair.exported(pair.korea, US_1)
        bad = damaged(folder, "0002-urgent", unnoticed=unnoticed)
        answer = await imported(pair.states, bad)
        assert outcomes(answer) == {"refused": 1, "new": 1}
        assert pair.states.refused() == 1
        assert pair.states.disk.evidence
        assert outcomes(await imported(pair.states, folder)) == {"new": 1, "duplicate": 1}
        pair.require_same_history()

    carry(tmp_path, story)


def test_a_frame_that_needs_an_earlier_one_waits_for_it_and_keeps_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry_export, "FRAME_ENTRIES", 1)

    async def story(pair: Pair) -> None:
        await pair.cut()
        await pair.warns("T1", "T2")
        folder, exported = await pair.exported(pair.korea, US_1)
        assert exported["frames"] == 4
        bad = damaged(folder, "0002-urgent", unnoticed=False)
        answer = await imported(pair.states, bad)
        assert outcomes(answer) == {"refused": 1, "waiting": 1, "new": 2}
        assert answer["files"][2]["detail"].startswith("entries 1 to 1 have to come first")
        assert outcomes(await imported(pair.states, folder)) == {"new": 2, "duplicate": 2}
        pair.require_same_history()

    carry(tmp_path, story)


def test_a_disk_that_refuses_leaves_the_key_for_another_try(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await pair.cut()
        await pair.warns("T1")
        folder, _ = await pair.exported(pair.korea, US_1)
        pair.states.disk.full = True
        answer = await imported(pair.states, folder)
        assert outcomes(answer) == {"refused": 2}
        assert "were not stored" in answer["files"][1]["detail"]
        pair.states.disk.full = False
        assert outcomes(await imported(pair.states, folder)) == {"new": 2}
        pair.require_same_history()

    carry(tmp_path, story)


def test_without_enough_keys_the_rest_waits_and_it_is_said_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry_export, "FRAME_ENTRIES", 1)

    async def story(pair: Pair) -> None:
        await pair.cut()
        for _ in range(STOCK_KEYS // 4 + 1):
            await pair.warns("T1", "T2")
            await pass_time(2.0)  # enough for another version of each
        folder, exported = await pair.exported(pair.korea, US_1)
        waiting = sum(
            feed.machine.appended for feed in pair.korea.node._links[US_1].outgoing.values()
        )
        assert exported["frames"] == STOCK_KEYS
        assert exported["left"] == waiting - STOCK_KEYS > 0
        assert exported["why_left"] == "the single-use keys of US-1 are used up"
        await imported(pair.states, folder)
        await pair.carried(pair.states, pair.korea)  # receipts, and fresh keys
        await pair.carried(pair.korea, pair.states)
        pair.require_same_history()

    carry(tmp_path, story)


def test_keys_that_were_given_as_a_file_do_where_there_never_was_a_wire(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1, carry_folder=tmp_path / KR_1)
        states = world.machine(US_1, KR_1, carry_folder=tmp_path / US_1)
        pair = Pair(world, korea, states, tmp_path)
        world.network.cut(KR_1, US_1)
        await pair.warns("T1")
        _, alone = await pair.exported(korea, US_1)
        assert (alone["frames"], alone["left"]) == (0, 2)
        assert alone["why_left"] == "US-1 has given no single-use keys"
        given = await asked(states, "carry_keys_give", to=KR_1)
        for news in (True, False):
            taken = await asked(korea, "carry_keys_take", giver=US_1, stock=given["stock"])
            assert (taken["news"], taken["held"]) == (news, STOCK_KEYS)
        with pytest.raises(LocalMisuse, match="is no partner"):
            await asked(korea, "carry_keys_give", to=JP_1)
        assert outcomes(await pair.carried(korea, states)) == {"new": 2}
        pair.require_same_history()

    play(story)


def test_keys_outlive_a_restart_on_both_sides(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await pair.cut()
        await pair.warns("T1")
        folder, _ = await pair.exported(pair.korea, US_1)
        for machine in (pair.korea, pair.states):
            await machine.crash()
            machine.restart()
        assert outcomes(await imported(pair.states, folder)) == {"new": 2}
        [seen] = (await asked(pair.korea, "carry_keys"))["partners"]
        assert seen["held"] == STOCK_KEYS - 2
        pair.require_same_history()

    carry(tmp_path, story)


def test_what_is_for_another_node_or_of_a_stranger_is_refused_whole(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await pair.cut()
        await pair.warns("T1")
        folder, _ = await pair.exported(pair.korea, US_1)
        with pytest.raises(LocalMisuse, match="is a trip to US-1"):
            await imported(pair.korea, folder)
        path = folder / MANIFEST_FILE
        path.write_text(path.read_text().replace('"sender": "KR-1"', '"sender": "XX-1"'))
        with pytest.raises(LocalMisuse, match="XX-1 is no partner"):
            await imported(pair.states, folder)
        with pytest.raises(LocalMisuse, match="never overwritten"):
            await asked(pair.korea, "carry_export", to=US_1, folder=str(folder))

    carry(tmp_path, story)


def test_a_node_that_does_not_carry_says_how_it_would_and_ignores_keys(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1, carry_folder=tmp_path / US_1)
        await pass_time(3.0)
        assert world.sent(US_1, "carry-keys")
        assert korea.refused() == states.refused() == 0
        for command, body in (
            ("carry_keys", {}),
            ("carry_export", {"to": US_1, "folder": "/x"}),
            ("carry_import", {"folder": "/x"}),
        ):
            with pytest.raises(LocalMisuse, match="carries nothing") as refused:
                await asked(korea, command, **body)
            assert 'carry = "carry"' in refused.value.remedy

    play(story)


def test_a_stock_in_anothers_name_is_refused_and_kept_as_evidence(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        [payload, *_] = [m.payload for m in pair.world.sent(US_1, "carry-keys")]
        before = pair.korea.refused()
        pair.korea.brings(US_1, "carry-keys", payload)  # the same again
        await pass_time()
        assert pair.korea.refused() == before
        pair.korea.brings(US_1, "carry-keys", payload[:-1] + bytes([payload[-1] ^ 1]))
        pair.states.brings(KR_1, "carry-keys", payload)
        await pass_time()
        assert pair.korea.refused() == before + 1
        assert pair.states.refused() == 1
        assert pair.korea.disk.evidence

    carry(tmp_path, story)
