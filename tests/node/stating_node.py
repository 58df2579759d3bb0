"""A node states warnings as a desk would."""

from tests.node.made_up_world import Machine

from bongsu.node.publishing.statement import Statement
from bongsu.records.kinds import RecordKind
from bongsu.records.warnings_as_records import warning_to_fields
from bongsu.vocabulary.launch_warning import LaunchWarning


def states(machine: Machine, *warnings: LaunchWarning) -> None:
    """One after the other, in one group."""
    for warning in warnings:
        machine.node._publisher.publish(
            Statement(
                kind=RecordKind.LAUNCH_WARNING,
                fields=warning_to_fields(warning),
                created_at=machine.clock.utc(),
                stored=lambda _id, _at: None,
            )
        )
