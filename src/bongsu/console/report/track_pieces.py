"""An estimated track cut into pieces that may be drawn as one line each."""

from collections.abc import Iterator, Sequence

from bongsu.console.demo_report import EstimatedSample

LONGEST_GAP_S = 60.0  # nothing was stated in a longer one, so no line is drawn across it


def track_pieces(
    samples: Sequence[EstimatedSample],
) -> Iterator[tuple[bool, list[EstimatedSample]]]:
    """Whether a piece was observed, and its samples; pieces that meet share a point."""
    run: list[EstimatedSample] = []
    for sample in samples:
        if run and sample.time_s - run[-1].time_s > LONGEST_GAP_S:
            yield from _drawable(run)
            run = []
        elif run and sample.observed != run[-1].observed:
            yield run[-1].observed, [*run, sample]
            run = []
        run.append(sample)
    yield from _drawable(run)


def _drawable(run: list[EstimatedSample]) -> Iterator[tuple[bool, list[EstimatedSample]]]:
    if len(run) >= 2:
        yield run[-1].observed, run
