"""The rehearsal before a tracker listens."""

import pytest

from bongsu.main.rehearsal import warm_up
from bongsu.vocabulary.realm import Realm


@pytest.mark.parametrize("realm", list(Realm))
def test_the_rehearsal_gets_as_far_as_a_track(realm: Realm) -> None:
    assert warm_up(realm) == 1
