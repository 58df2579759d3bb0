"""The areas of which warnings speak, with what each is, for formats that draw them."""

from collections.abc import Iterator
from typing import NamedTuple

from bongsu.adapters.tracks.ground_outlines import Places, ellipse_outline, fan_outline
from bongsu.vocabulary.exported_moment import ExportedMoment
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NodeId


class WarnedArea(NamedTuple):
    node: NodeId
    warning: SeenWarning
    kind: str
    outline: Places


def warned_areas(moment: ExportedMoment) -> Iterator[WarnedArea]:
    """What is withheld has no area."""
    for node, warning in moment.warnings:
        if warning.launch is not None:
            launched = ellipse_outline(warning.launch.point, warning.launch.ellipse)
            yield WarnedArea(node, warning, "launch area, estimated", launched)
        if warning.impact is not None:
            falls = ellipse_outline(warning.impact.point, warning.impact.ellipse)
            yield WarnedArea(node, warning, "impact area, predicted", falls)
        elif warning.fan is not None:
            yield WarnedArea(node, warning, "possible area, predicted", fan_outline(warning.fan))
