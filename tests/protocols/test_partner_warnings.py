"""What is remembered of partners is bounded, and each node pushes out its own only."""

from dataclasses import replace

import pytest
from tests.protocols.made_up_tracks import at, infrared_warning, warning_of

from bongsu.protocols.partner_warnings import (
    KEPT_S,
    MAXIMUM_OF_ONE_NODE,
    MAXIMUM_PARTNER_WARNINGS,
    PartnerWarnings,
    remembered,
)
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.seen_warning import SeenWarning, whole
from bongsu.vocabulary.units import NationId, NodeId, RecordId

ID, SECOND = RecordId(bytes(32)), RecordId(b"2" * 32)


def told(known: PartnerWarnings, *warnings: LaunchWarning, at_s: float = 0.0) -> PartnerWarnings:
    for warning in warnings:
        record_id = RecordId(warning.version.to_bytes(32, "big"))
        known = remembered(known, record_id, whole(warning), now=at(at_s))
    return known


@pytest.mark.parametrize(
    "anonymous",
    [
        replace(whole(infrared_warning()), warning_id=None),
        replace(whole(infrared_warning()), node=None),
        replace(whole(infrared_warning()), nation=None),
        replace(whole(infrared_warning()), nation=NationId("JP")),  # not the node's nation
        replace(whole(infrared_warning()), node=NodeId("JP-1"), nation=NationId("JP")),
    ],
)
def test_a_warning_that_does_not_say_whose_it_is_is_not_leaned_on(anonymous: SeenWarning) -> None:
    assert remembered({}, ID, anonymous, now=at(0.0)) == {}


def test_a_newer_version_replaces_and_an_older_or_equal_one_does_not() -> None:
    known = told({}, infrared_warning(version=2))
    assert told(known, infrared_warning(version=2)) is known
    assert told(known, infrared_warning(version=1)) is known
    (kept,) = told(known, infrared_warning(version=3)).values()
    assert kept.warning.version == 3


def test_without_a_version_the_time_of_statement_decides() -> None:
    first, second = (
        replace(whole(infrared_warning(version=v)), version=None, withheld=("version",))
        for v in (1, 2)
    )
    known = remembered({}, SECOND, second, now=at(0.0))
    assert remembered(known, ID, first, now=at(0.0)) is known
    known_first = remembered({}, ID, first, now=at(0.0))
    assert remembered(known_first, SECOND, second, now=at(0.0)) == known
    timeless = replace(second, stated_at=None)
    assert remembered(known, ID, timeless, now=at(0.0)) is known


def test_a_node_that_floods_us_pushes_out_its_own_warnings_only() -> None:
    known = told({}, warning_of("JP-1"))
    flood = (infrared_warning(number=n) for n in range(1, MAXIMUM_OF_ONE_NODE + 51))
    known = told(known, *flood)
    assert "JP-1/W0001" in known
    assert "US-1/W0050" not in known
    assert "US-1/W0051" in known
    assert len(known) == MAXIMUM_OF_ONE_NODE + 1


def test_all_nodes_together_are_bounded() -> None:
    known: PartnerWarnings = {}
    for node in range(5):
        known = told(
            known, *(warning_of(f"N{node}-1", number=n) for n in range(1, MAXIMUM_OF_ONE_NODE + 1))
        )
    assert len(known) == MAXIMUM_PARTNER_WARNINGS


def test_what_is_long_over_is_forgotten() -> None:
    known = told({}, infrared_warning(), at_s=0.0)
    known = told(known, warning_of("JP-1"), at_s=KEPT_S + 1.0)
    assert set(known) == {"JP-1/W0001"}
