"""Attack: a correction that the present guideline would withhold: an amendment, or an end.

Passes when it is delivered to everyone who ever had any version, and to nobody else, whatever
guideline holds now: none at all, one that leaves the reader out, one that closes every field. It
opens no field that was closed to that reader but those without which it corrects nothing.

How the rule decides: `tests/records/test_releasability.py`. How a node remembers what it showed:
`tests/node/releases/test_corrections.py`. A recall goes by the path of what it recalls: its rule is
in `tests/records/test_releasability.py`, its machine in `tests/protocols/test_recall.py`.
"""

from dataclasses import replace

import pytest
from tests.node.made_up_world import EXERCISE, Machine, World, all_fields, pass_time, play
from tests.node.releases.test_corrections import CORRECTION, END, FIRST, versions
from tests.node.stating_node import states
from tests.records.made_up_guideline import guideline_text, in_force, rule
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning, WarningAction

WITHDRAWN = replace(END, end_reason=EndReason.WITHDRAWN)
AMENDED = replace(FIRST, version=3, action=WarningAction.AMENDED, caveats=("amended",))
FIELDS = f"launch_warning = [{all_fields(RecordKind.LAUNCH_WARNING)}]"


def made_up(rules: str) -> AgreedGuideline:
    text = guideline_text(EXERCISE, parties='"KR", "US", "JP"', fields=FIELDS, rules=rules)
    return in_force(text, EXERCISE)


NOW_HOLDS: dict[str, AgreedGuideline | None] = {
    "no guideline": None,
    "a guideline without these readers": made_up(rule("US", "JP") + rule("JP", "US")),
    "a guideline that closes every field": made_up(
        "".join(
            rule("KR", reader, withhold=all_fields(RecordKind.LAUNCH_WARNING))
            for reader in ("US", "JP")
        )
    ),
}


async def comes_back_under(machine: Machine, guideline: AgreedGuideline | None) -> None:
    """Another guideline holds, and nothing is left but what the disk knows."""
    await machine.crash()
    machine.guideline = guideline
    machine.restart()
    await pass_time(3.0)


@pytest.mark.parametrize("holds", NOW_HOLDS)
@pytest.mark.parametrize("correction", [AMENDED, END, WITHDRAWN], ids=["amended", "false", "over"])
def test_a_correction_reaches_everyone_who_had_any_version_whatever_guideline_holds(
    correction: LaunchWarning, holds: str
) -> None:
    async def story(world: World) -> None:
        korea, america, japan = world.three()
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time()
        await comes_back_under(korea, NOW_HOLDS[holds])
        states(korea, replace(FIRST, warning_id="KR-1/W0002"), correction)
        await pass_time()
        for reader, kept in ((america, set[str]()), (japan, {"sensors"})):
            assert versions(reader) == [1, 3]  # and nothing of the warning that is new
            last = reader.warnings_of(KR_1)[-1]
            assert last.fields["action"] is correction.action
            assert last.fields["end_reason"] is correction.end_reason
            assert set(last.withheld) == kept  # nothing closed again, nothing opened
            assert set(last.fields) >= CORRECTION
        assert len(korea.warnings_of(KR_1)) == 3

    play(story)


def test_a_correction_waits_for_a_link_that_is_cut_and_still_arrives() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        america = world.machine(US_1, KR_1)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time()
        world.network.cut(KR_1, US_1)
        await comes_back_under(korea, None)
        states(korea, END)
        await pass_time(5.0)
        assert versions(america) == [1]
        world.network.mend(KR_1, US_1)
        await pass_time(10.0)
        assert {1, 3} <= set(versions(america))  # its own desk may have amended it meanwhile

    play(story)


def test_whoever_had_no_version_learns_of_no_correction() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        world.machine(US_1, KR_1)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time()
        korea.partners = (US_1, JP_1)
        await comes_back_under(korea, None)
        japan = world.machine(JP_1, KR_1)
        await pass_time(3.0)
        states(korea, AMENDED, END)
        await pass_time()
        assert versions(japan) == []
        assert japan.disk.records == {}

    play(story)
