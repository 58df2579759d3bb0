"""Records that lean on others: these are named to who may know of them, and told when missing."""

from dataclasses import replace

from tests.node.made_up_world import Machine, World, agreed, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.node.recalls.test_recalls import FIRST
from tests.node.stating_node import states
from tests.records.made_up_nations import KR_1, US_1, warning_record

from bongsu.protocols.dependencies import GIVEN_UP_AFTER_NS
from bongsu.records.guideline import AgreedGuideline
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NS_PER_S, NationId, NodeId, RecordId

US, JP = NationId("US"), NationId("JP")


def without(originator: NationId, reader: NationId) -> AgreedGuideline:
    """Everything is shared, but nothing of this originator with this reader."""
    guideline = agreed().guideline
    rules = {key: rule for key, rule in guideline.rules.items() if key[1:] != (originator, reader)}
    return AgreedGuideline(guideline=replace(guideline, rules=rules), officers=())


def seen(reader: Machine, origin: NodeId) -> SeenWarning:
    [line] = [one for one in reader.journal.of("partner_warning") if one["origin"] == origin]
    warning = line["warning"]
    assert isinstance(warning, SeenWarning)
    return warning


def test_a_reader_is_not_told_of_records_that_it_may_not_see() -> None:
    guideline = without(US, JP)

    async def story(world: World) -> None:
        korea, america, japan = world.three(guideline)
        await pass_time(3.0)
        states(america, replace(FIRST, warning_id="US-1/W0001", node=US_1, nation=US))
        await pass_time(1.0)
        [theirs] = [opened.record_id for opened in korea.warnings_of(US_1)]
        states(korea, replace(FIRST, corroborated_by=(theirs,)))
        await pass_time(1.0)
        assert seen(america, KR_1).corroborated_by == (theirs,)  # its own record
        hidden = seen(japan, KR_1)
        assert hidden.is_withheld("corroborated_by")
        assert hidden.corroborated_by is None

    play(story)


def test_what_we_do_not_hold_ourselves_we_do_not_name() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        states(korea, replace(FIRST, corroborated_by=(RecordId(b"?" * 32),)))
        await pass_time(1.0)
        assert seen(america, KR_1).is_withheld("corroborated_by")

    play(story)


def test_a_warning_that_leans_on_what_is_not_here_is_shown_at_once_and_as_such() -> None:
    first = warning_record(warning=FIRST)
    leans = warning_record(
        warning=replace(FIRST, warning_id="KR-1/W0002"), derived_from=(first.record_id,)
    )

    async def story(world: World) -> None:
        america = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(america)
        korea.sends(leans)
        await pass_time(1.0)
        assert len(america.journal.of("partner_warning")) == 1
        [line] = america.journal.of("leans_on_missing")
        assert line["record_id"] == leans.record_id.hex()
        assert line["missing"] == [first.record_id.hex()]
        korea.sends(first)
        await pass_time(1.0)
        [line] = america.journal.of("missing_came")
        assert line["record_id"] == leans.record_id.hex()

    play(story)


def test_what_never_comes_is_given_up_and_counted() -> None:
    leans = warning_record(warning=FIRST, derived_from=(RecordId(b"?" * 32),))

    async def story(world: World) -> None:
        america = world.machine(US_1, KR_1)
        await pass_time()
        PlayedKorea(america).sends(leans)
        await pass_time(1.0)
        world.time.advance_ns(GIVEN_UP_AFTER_NS + NS_PER_S)
        await pass_time(1.0)
        [line] = america.journal.of("missing_given_up")
        assert (line["late"], line["count"]) == (True, 1)

    play(story)


def test_japan_is_told_of_a_record_once_it_may_see_it() -> None:
    """Under a delay the record's very existence has to wait as well."""
    guideline = agreed(japan_waits_s=5)

    async def story(world: World) -> None:
        korea, america, japan = world.three(guideline)
        await pass_time(3.0)
        states(korea, FIRST)
        await pass_time(1.0)
        [koreas] = [opened.record_id for opened in america.warnings_of(KR_1)]
        theirs = replace(FIRST, warning_id="US-1/W0001", node=US_1, nation=US)
        states(america, replace(theirs, corroborated_by=(koreas,)))
        await pass_time(1.0)
        assert seen(japan, US_1).is_withheld("corroborated_by")
        assert not [line for line in japan.journal.of("partner_warning") if line["origin"] == KR_1]

    play(story)
