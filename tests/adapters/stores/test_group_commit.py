"""Urgent commits and bulk take turns; bulk transactions are small."""

import threading
from collections.abc import Iterator, Sequence

import msgspec
import pytest
from tests.adapters.made_up_log import entry, feed

from bongsu.adapters.stores.group_commit import BULK_GROUP_ROWS, GroupCommit
from bongsu.node.ports import Commit
from bongsu.records.lane import Lane

PATIENCE_S = 30.0
BULK = msgspec.structs.replace(feed(), lane=Lane.BULK)


class Disk:
    """Its transactions wait until they are let through."""

    def __init__(self) -> None:
        self.transactions: list[list[Commit]] = []
        self.begun = threading.Semaphore(0)
        self._let_through = threading.Semaphore(0)

    def insert(self, commits: Sequence[Commit]) -> None:
        self.transactions.append(list(commits))
        self.begun.release()
        assert self._let_through.acquire(timeout=PATIENCE_S)

    def let_through(self, number: int) -> None:
        self._let_through.release(number)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def log(disk: Disk) -> Iterator[GroupCommit]:
    log = GroupCommit(disk.insert)
    yield log
    disk.let_through(100)
    log.close()


def urgent(sequence: int) -> Commit:
    return Commit(entries=(entry(sequence),))


def bulk(sequence: int, *, rows: int = 1) -> Commit:
    return Commit(entries=(msgspec.structs.replace(entry(sequence), feed=BULK),) * rows)


def written(log: GroupCommit, disk: Disk, *commits: Commit) -> list[list[Commit]]:
    """The transactions of these, which all come while the disk is busy with something else."""
    busy = log.append(urgent(0))
    assert disk.begun.acquire(timeout=PATIENCE_S)
    done = [log.append(commit) for commit in commits]
    disk.let_through(100)
    for future in (busy, *done):
        future.result(PATIENCE_S)
    return disk.transactions[1:]


def test_urgent_commits_share_a_transaction_and_bulk_has_its_own(
    log: GroupCommit, disk: Disk
) -> None:
    one, two, three, four = urgent(1), bulk(1), urgent(2), bulk(2)
    assert written(log, disk, one, two, three, four) == [[two, four], [one, three]]


def test_an_urgent_commit_waits_for_one_bulk_transaction_and_no_more(
    log: GroupCommit, disk: Disk
) -> None:
    large = [bulk(number, rows=BULK_GROUP_ROWS) for number in range(4)]
    warning = urgent(1)
    found = written(log, disk, *large, warning)
    assert found == [[large[0]], [warning], [large[1]], [large[2]], [large[3]]]


def test_commits_of_one_lane_stay_in_their_order(log: GroupCommit, disk: Disk) -> None:
    commits = [bulk(number, rows=BULK_GROUP_ROWS // 2) for number in range(5)]
    assert written(log, disk, *commits) == [commits[:2], commits[2:4], commits[4:]]
