"""What people are at a node: each role lets them do something, none lets them do everything."""

from enum import Enum


class Role(Enum):
    WATCH_OFFICER = "watch_officer"
    DUTY_OFFICER = "duty_officer"
    RELEASE_OFFICER = "release_officer"
    EXERCISE_DIRECTOR = "exercise_director"
    READER = "reader"

    __hash__ = object.__hash__  # as members are compared; `Enum` hashes their names, in Python
