"""First in line for the processor: a warning does not wait for a backup or an update beside it.

An ordinary process that wakes up may wait some milliseconds behind whatever runs, at each of the
dozen times that a warning changes hands. The real-time class of Linux goes before all that is
ordinary; the kernel leaves 5 % to the others even where a process of that class never rests.
"""

import os
import sys
from typing import Final

PRIORITY: Final = (
    1  # the least of the class: before what is ordinary, behind what drives the machine
)


def go_first() -> bool:
    """Ask for the real-time class, for this thread and those that it starts from now on.

    False where the system does not allow it (no `CAP_SYS_NICE`, a limit `rtprio` of 0) or has no
    such class; the process goes on as an ordinary one.
    """
    if sys.platform != "linux":
        return False
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRIORITY))
    except OSError:
        return False
    return True
