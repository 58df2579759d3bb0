"""What is worked out once in a process, and when: before the first plots, where there is time."""

from bongsu.tracking.boost.ascents import generic_ascents, generic_climbs
from bongsu.tracking.launch.backtracking import generic_offsets


def work_out_generics() -> None:
    """Fly every generic missile and launcher: 0.6 s of work that no batch shall pay for."""
    generic_offsets()
    generic_ascents()
    generic_climbs()
