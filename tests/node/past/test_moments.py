"""Moments worth jumping to: each version and each recall once, in the order of the log."""

from typing import Any

from tests.node.made_up_world import World, play
from tests.node.past.test_past_picture import asked, at, eventful, spoken
from tests.records.made_up_nations import KR_1


def test_every_version_and_recall_is_a_moment_once_whatever_the_size_of_a_page() -> None:
    async def story(world: World) -> None:
        korea, _ = await eventful(world)
        whole = await asked(korea, "moments")
        assert whole["complete"]
        kinds = ("launch_warning", "recall")
        wanted = [row.record_id.hex() for row in korea.disk.records.values() if row.kind in kinds]
        assert [one["record_id"] for one in whole["moments"]] == wanted
        assert {"issued", "amended", "ended", "recalled"} <= {
            one["what"] for one in whole["moments"]
        }
        for limit in (1, 3):
            paged: list[dict[str, Any]] = []
            after = 0
            while True:
                page = await asked(korea, "moments", after=after, limit=limit)
                paged += page["moments"]
                after = page["next"]
                if page["complete"]:
                    break
            assert paged == whole["moments"]

    play(story)


def test_at_its_moment_an_amendment_is_what_stands() -> None:
    async def story(world: World) -> None:
        korea, _ = await eventful(world)
        amended = [
            one
            for one in (await asked(korea, "moments"))["moments"]
            if one["what"] == "amended" and one["node"] == KR_1
        ]
        assert amended
        for one in amended:
            stood = spoken((await at(korea, one["at"]))["threats"])
            assert (one["subject"], one["version"], None) in stood
            before = spoken((await at(korea, one["at"] - 1))["threats"])
            assert (one["subject"], one["version"] - 1, None) in before

    play(story)
