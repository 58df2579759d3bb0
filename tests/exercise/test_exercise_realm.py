from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exercise.made_up import PUBLISHED, SCENARIO, truth

from bongsu.exercise.director import schedule
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm

SMALL = parse_scenario(SCENARIO, published=PUBLISHED)
MARK = 'realm = "exercise"'


@pytest.mark.parametrize("realm", ["live", "LIVE", "test", "replay", "", "exercise ", "EXERCISE"])
def test_q1_a_scenario_file_of_any_other_realm_is_refused(realm: str) -> None:
    with pytest.raises(LocalMisuse, match='realm is .*write realm = "exercise"'):
        parse_scenario(SCENARIO.replace(MARK, f'realm = "{realm}"'), published=PUBLISHED)


def test_q1_a_scenario_file_without_a_realm_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="realm is missing"):
        parse_scenario(SCENARIO.replace(MARK, ""), published=PUBLISHED)


@given(st.text(max_size=20).filter(lambda text: text != "exercise"))
def test_q1_no_word_but_exercise_makes_a_scenario(realm: str) -> None:
    escaped = "".join(f"\\U{ord(letter):08x}" for letter in realm)
    with pytest.raises(LocalMisuse):
        parse_scenario(SCENARIO.replace(MARK, f'realm = "{escaped}"'), published=PUBLISHED)


def test_q1_a_scenario_cannot_be_made_live() -> None:
    with pytest.raises(LocalMisuse, match="can only be of the exercise realm"):
        replace(SMALL, realm=Realm.LIVE)


def test_q1_every_batch_of_every_sensor_is_marked_exercise() -> None:
    flown = truth()
    for sensor in SMALL.sensors:
        marks = {due.batch.realm for due in schedule(SMALL, flown, sensor.site.sensor_id)}
        assert marks == {Realm.EXERCISE}
