"""When a warning is another matter for somebody who has acknowledged it: said why, else nothing."""

from typing import Final

from bongsu.protocols.correlation import distance_m
from bongsu.vocabulary.alarm import Facts
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.launch_warning import WarningAction
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NS_PER_S

EARLIER_NS: Final = 30 * NS_PER_S
WIDER: Final = 2.0  # times the radius that was acknowledged

IMPACT_NOW: Final = "an impact is predicted now"
ELSEWHERE: Final = "predicted outside the area that was acknowledged"
WIDER_AREA: Final = "predicted over a wider area"
SOONER: Final = "predicted to fall sooner"
ANOTHER_CLASS: Final = "another class"


def facts_of(warning: SeenWarning) -> Facts:
    """What is weighed; a field that is withheld or not stated is None."""
    impact = warning.impact
    return Facts(
        version=warning.version,
        object_class=_likeliest(warning),
        impact=None if impact is None else impact.point,
        within_m=None if impact is None else impact.ellipse.semi_major_m,
        impact_at=None if impact is None else impact.at,
    )


def is_open(warning: SeenWarning) -> bool:
    """Whether it stands: an action that is withheld ends nothing."""
    return warning.action is not WarningAction.ENDED


def why_worse(acknowledged: Facts, now: Facts) -> str | None:
    """Why who acknowledged the one has to see the other; None where they have seen it."""
    if now.impact is not None and acknowledged.impact is None:
        return IMPACT_NOW
    if now.impact is not None and acknowledged.impact is not None:
        before_m, now_m = acknowledged.within_m or 0.0, now.within_m or 0.0
        if distance_m(acknowledged.impact, now.impact) > max(before_m, now_m):
            return ELSEWHERE
        if now_m > WIDER * before_m:
            return WIDER_AREA
    before_at, now_at = acknowledged.impact_at, now.impact_at
    if before_at is not None and now_at is not None and before_at - now_at >= EARLIER_NS:
        return SOONER
    classes = {acknowledged.object_class, now.object_class}
    return ANOTHER_CLASS if len(classes) == 2 and None not in classes else None


def _likeliest(warning: SeenWarning) -> ObjectClass | None:
    if not warning.classification:
        return None
    return max(warning.classification, key=lambda one: one.probability).object_class
