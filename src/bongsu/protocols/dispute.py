"""While displays disagree about a warning, it says no more than unconfirmed. And is never held up.

A display that shows something else than what it was fed may be ours or the other centre's: nobody
knows which. Until the two agree, no level above the first is stated on its strength. That holds for
a warning of ours that is in dispute, and for one that a disputed warning of a partner would
confirm. The warning itself goes out as it would, when it would; only its level is lower, and a
caveat says why. The caveat names nobody: not every reader may know who else sees what.
"""

from collections.abc import Iterable
from dataclasses import replace

from bongsu.protocols.confirmation import confirmed
from bongsu.protocols.partner_warnings import PartnerWarning, PartnerWarnings
from bongsu.vocabulary.launch_warning import Confirmation, LaunchWarning

DISPLAYS_DISAGREE = "displays disagree: no more than unconfirmed until they agree"


def undisputed(
    warning: LaunchWarning,
    matched: Iterable[str],
    partners: PartnerWarnings,
    disputed: frozenset[str],
) -> LaunchWarning:
    """The warning with what stands behind it, as far as no displays disagree about that."""
    if not disputed.isdisjoint((warning.warning_id, warning.node)):
        return replace(
            warning,
            confirmation=Confirmation.SINGLE_SOURCE,
            corroborated_by=(),
            caveats=(*warning.caveats, DISPLAYS_DISAGREE),
        )
    matched = tuple(matched)
    stated = confirmed(warning, matched, partners)
    clear = [one for one in matched if one not in partners or _is_clear(partners[one], disputed)]
    certain = confirmed(warning, clear, partners)
    if certain.confirmation is stated.confirmation:
        return certain
    return replace(certain, caveats=(*certain.caveats, DISPLAYS_DISAGREE))


def without_dispute(warning: LaunchWarning) -> LaunchWarning:
    """The warning without the caveat; the same where it has none."""
    if DISPLAYS_DISAGREE not in warning.caveats:
        return warning
    caveats = tuple(text for text in warning.caveats if text != DISPLAYS_DISAGREE)
    return replace(warning, caveats=caveats)


def _is_clear(partner: PartnerWarning, disputed: frozenset[str]) -> bool:
    return disputed.isdisjoint((partner.warning.warning_id, partner.node))
