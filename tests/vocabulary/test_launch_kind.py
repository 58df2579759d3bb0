import pytest

from bongsu.vocabulary.estimates import ClassProbability, ObjectClass
from bongsu.vocabulary.launch_kind import LaunchKind, launch_kind


def classes(launcher: float) -> tuple[ClassProbability, ...]:
    return (
        ClassProbability(object_class=ObjectClass.SLV, probability=launcher),
        ClassProbability(object_class=ObjectClass.ICBM, probability=1.0 - launcher),
    )


@pytest.mark.parametrize(
    ("launcher", "kind"),
    [
        (0.0, LaunchKind.MISSILE),
        (0.04, LaunchKind.MISSILE),
        (0.06, LaunchKind.UNDETERMINED),
        (0.97, LaunchKind.UNDETERMINED),
        (0.999, LaunchKind.SATELLITE_LAUNCHER),
    ],
)
def test_what_is_not_sure_is_undetermined(launcher: float, kind: LaunchKind) -> None:
    assert launch_kind(classes(launcher)) is kind


def test_without_a_class_there_is_no_kind_either() -> None:
    assert launch_kind(()) is None
