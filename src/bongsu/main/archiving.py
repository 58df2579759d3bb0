"""Writing an archive from a node's log, and holding one against it."""

from collections.abc import Iterator
from pathlib import Path

from bongsu.adapters.stores.archive_file import read_archive, write_archive
from bongsu.main.logs import OpenedLog, open_log
from bongsu.main.settings import NodeSettings
from bongsu.node.letting_go import ArchivedFeed
from bongsu.records.archive import ArchivedEntry, content_hash_of, may_be_let_go
from bongsu.records.feed import FeedId
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import UtcNs


def archive_log(
    config: Path, settings: NodeSettings, out: Path, *, before: UtcNs
) -> tuple[int, tuple[ArchivedFeed, ...]]:
    """Write what may be let go into a new file: how many entries, and how far in which feeds."""
    log = open_log(config, settings)
    spans: dict[FeedId, list[int]] = {}
    try:
        number = write_archive(out, _noted(_eligible(log, before), spans))
    finally:
        log.close()
    feeds = tuple(
        ArchivedFeed(
            sender=feed.sender,
            reader=feed.reader,
            lane=feed.lane,
            epoch=feed.epoch,
            after=span[0] - 1,
            through=span[1],
        )
        for feed, span in spans.items()
    )
    return number, feeds


def compare_archive(config: Path, settings: NodeSettings, archive: Path) -> tuple[int, int]:
    """How many entries of the archive are what the log says that they were, and how many not."""
    log = open_log(config, settings)
    try:
        kept = {
            (feed, row.sequence): row.content_hash or content_hash_of(row.encoded, row.sequence)
            for feed in log.feeds()
            for row in log.entries(feed)
        }
        agree = differ = 0
        for entry in read_archive(archive):
            content = content_hash_of(entry.encoded, entry.sequence)
            if kept.get((entry.feed, entry.sequence)) == content:
                agree += 1
            else:
                differ += 1
    finally:
        log.close()
    return agree, differ


def _eligible(log: OpenedLog, before: UtcNs) -> Iterator[ArchivedEntry]:
    for feed in log.feeds():
        for row in log.entries(feed):
            try:
                goes = may_be_let_go(row.encoded, before=before)
            except PeerViolation:
                continue  # damaged: it stays as it is, for `bongsu verify` to name
            if goes:
                yield ArchivedEntry(feed=feed, sequence=row.sequence, encoded=row.encoded)


def _noted(
    entries: Iterator[ArchivedEntry], spans: dict[FeedId, list[int]]
) -> Iterator[ArchivedEntry]:
    """The same entries; first and last sequence of each feed are noted on the way."""
    for entry in entries:
        span = spans.setdefault(entry.feed, [entry.sequence, 0])
        span[1] = entry.sequence
        yield entry
