"""A process that asks to go first, where the system lets it and where it does not."""

import os
import subprocess
import sys

import pytest

WITHOUT_THE_RIGHT = ("setpriv", "--bounding-set", "-sys_nice")
ASK = (
    "import os, threading\n"
    "from bongsu.adapters.first_in_line import go_first\n"
    "asked = go_first()\n"
    "classes = [os.sched_getscheduler(0)]\n"
    "later = threading.Thread(target=lambda: classes.append(os.sched_getscheduler(0)))\n"
    "later.start(); later.join()\n"
    "print(asked, *classes)\n"
)


def answers(*before: str) -> list[str]:
    """What a process of its own got, and the class of its thread and of a later one."""
    done = subprocess.run(
        [*before, sys.executable, "-c", ASK], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


def test_who_may_goes_first_with_every_thread_that_it_starts_later() -> None:
    asked, *classes = answers()
    if asked == "False":
        pytest.skip("this user may not enter the real-time class")
    assert classes == [str(os.SCHED_RR), str(os.SCHED_RR)]


def test_who_may_not_goes_on_as_an_ordinary_process() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can start a process with fewer rights")
    ordinary = str(os.SCHED_OTHER)
    assert answers(*WITHOUT_THE_RIGHT) == ["False", ordinary, ordinary]
