import platform
import subprocess
import sys

import pytest

# Frees 4 MB at the top of the heap a hundred times, as scans do, and counts page faults.
ROUNDS = """
import resource, sys
import numpy as np
from bongsu.adapters.freed_memory import keep_freed_memory
if "keep" in sys.argv:
    assert keep_freed_memory()
np.ones(200_000)  # from then on glibc takes blocks of this size from the heap
for round in range(101):
    held = [np.ones(15_000) for _ in range(35)]
    del held
    if round == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(*arguments: str) -> int:
    command = (sys.executable, "-c", ROUNDS, *arguments)
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
def test_a_process_that_keeps_its_memory_does_not_ask_the_system_for_it_again() -> None:
    assert faults() > 10_000
    assert faults("keep") < 1_000
