"""A million inputs made by chance from real ones: `python -m fuzz.million`, or `make million`.

Every structure that arrives as bytes gets its share. Prints how many were refused, how many were
accepted because they are the one form of their value, and the most memory that it took; ends with
1 when anything else happened.
"""

import argparse
import resource
import sys
import time
from collections import Counter
from typing import Any

from tests.records.mutants import mutants
from tests.records.samples import SAMPLES

from bongsu.records.encoding import Codec
from bongsu.vocabulary.errors import PeerViolation


def main() -> int:
    """Run all of it; a traceback is a finding too."""
    options = _options()
    share = -(-options.count // len(SAMPLES))
    began = time.perf_counter()
    counts: Counter[str] = Counter()
    for number, (codec, data) in enumerate(SAMPLES.values()):
        for mutant in mutants(data, share, seed=options.seed + number):
            counts[_judged(codec, mutant)] += 1
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{sum(counts.values())} inputs of {len(SAMPLES)} structures, seed {options.seed}: "
        f"{counts['refused']} refused, {counts['one form']} in their one form, "
        f"{counts['second form']} in a second form; {time.perf_counter() - began:.0f} s, "
        f"at most {most_mb:.0f} MB"
    )
    return int(counts["second form"] > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz.million", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _judged(codec: Codec[Any], data: bytes) -> str:
    try:
        value = codec.decode(data)
    except PeerViolation:
        return "refused"
    return "one form" if codec.encode(value) == data else "second form"


if __name__ == "__main__":
    sys.exit(main())
