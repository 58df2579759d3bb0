"""Memory that was freed stays with the process: a tracker asks for as much at its next scan.

glibc gives the top of its heap back to the system as soon as little more than 128 kB of it are
free. A scan of 200 objects frees more than that, and where the heap's top happens to be free
every scan gives it back and takes it anew, at 500 page faults and half of its processor time.
"""

import ctypes
from typing import Final

TRIM_THRESHOLD: Final = -1  # mallopt's own numbers
MMAP_THRESHOLD: Final = -3
KEPT_BYTES: Final = 64 << 20
LARGEST_FROM_HEAP_BYTES: Final = 16 << 20


def keep_freed_memory() -> bool:
    """Ask the C library to keep what is freed, up to 64 MB; False where it knows no such wish."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # no glibc: musl, macOS, Windows
        return False
    wishes = ((TRIM_THRESHOLD, KEPT_BYTES), (MMAP_THRESHOLD, LARGEST_FROM_HEAP_BYTES))
    return all([bool(mallopt(which, size)) for which, size in wishes])
