"""Who may do what: a role that isn't named for a command may not."""

import pytest

from bongsu.node.permissions import MAY, NotPermittedError, may, require_permission
from bongsu.vocabulary.role import Role


@pytest.mark.parametrize("command", sorted(MAY))
@pytest.mark.parametrize("role", list(Role))
def test_only_the_roles_of_the_table_may(command: str, role: Role) -> None:
    assert may({role}, command) == (role in MAY[command])
    assert not may(set(), command)


@pytest.mark.parametrize("command", sorted(MAY))
def test_a_reader_changes_nothing_and_previews_no_release(command: str) -> None:
    with pytest.raises(NotPermittedError, match="not yours to do") as refused:
        require_permission({Role.READER}, command)
    assert Role.WATCH_OFFICER.value in refused.value.remedy


def test_what_everybody_may_read_is_in_no_table() -> None:
    require_permission({Role.READER}, "warnings")
