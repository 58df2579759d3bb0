"""Group commit: one thread makes durable, in one transaction, everything that waits.

So the cost of a durable commit is shared. A commit that a database refuses fails alone: when a
group fails, each of it is tried by itself, and one bad row harms no other.

Bulk waits in a line of its own, and its transactions are small: a warning waits for one of them
and for no more. Neither line keeps the other out: while both wait, they take turns.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from bongsu.node.ports import Commit
from bongsu.records.lane import Lane
from bongsu.vocabulary.errors import LocalMisuse, Unavailable

MAXIMUM_WAITING_ROWS = 100_000
MAXIMUM_GROUP_ROWS = 4_096
BULK_GROUP_ROWS = 1_024

Work = tuple[Commit, Future[None]]
Insert = Callable[[Sequence[Commit]], None]


class GroupCommit:
    """Owns the queue and the writing thread of a log.

    `insert` writes some commits in one transaction, on this thread alone; it raises Unavailable
    (try again) or LocalMisuse (never will they fit), and has then written nothing.
    """

    def __init__(self, insert: Insert) -> None:
        self._insert = insert
        self._urgent: deque[Work] = deque()
        self._bulk: deque[Work] = deque()
        self._waiting_rows = 0
        self._bulk_is_next = False
        self._changed = threading.Condition()
        self._closed = False
        self._writer = threading.Thread(target=self._write_all, name="bongsu-store", daemon=True)
        self._writer.start()

    def append(self, commit: Commit) -> Future[None]:
        """Queue rows; the future is done when they are on disk, or carries why they are not."""
        done: Future[None] = Future()
        rows = rows_of(commit)
        with self._changed:
            if self._closed:
                done.set_exception(Unavailable("the log is closed", remedy="Start the node again"))
            elif self._waiting_rows and self._waiting_rows + rows > MAXIMUM_WAITING_ROWS:
                done.set_exception(
                    Unavailable(
                        f"{self._waiting_rows} rows are waiting for the disk",
                        remedy="Check the disk's speed and free space",
                    )
                )
            else:
                (self._bulk if _is_bulk(commit) else self._urgent).append((commit, done))
                self._waiting_rows += rows
                self._changed.notify()
        return done

    def close(self) -> None:
        """Commit what waits, then stop. Safe to call twice."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._writer.join()

    def _write_all(self) -> None:
        while group := self._next_group():
            self._commit(group)

    def _next_group(self) -> list[Work]:
        """What waits, up to the bound of one transaction; nothing once closed and all written."""
        with self._changed:
            while not self._urgent and not self._bulk and not self._closed:
                self._changed.wait()
            is_bulk = bool(self._bulk) and (self._bulk_is_next or not self._urgent)
            self._bulk_is_next = not is_bulk
            waiting = self._bulk if is_bulk else self._urgent
            most = BULK_GROUP_ROWS if is_bulk else MAXIMUM_GROUP_ROWS
            group: list[Work] = []
            rows = 0
            while waiting and (not group or rows < most):
                work = waiting.popleft()
                rows += rows_of(work[0])
                group.append(work)
            self._waiting_rows -= rows
        return group

    def _commit(self, group: list[Work]) -> None:
        # From here on nobody can cancel: a future that is done says what is on disk.
        group = [work for work in group if work[1].set_running_or_notify_cancel()]
        try:
            self._insert([commit for commit, _ in group])
        except (LocalMisuse, Unavailable) as error:
            if len(group) == 1:
                group[0][1].set_exception(error)
                return
            for work in group:
                self._commit_alone(work)
            return
        for _, done in group:
            done.set_result(None)

    def _commit_alone(self, work: Work) -> None:
        commit, done = work
        try:
            self._insert([commit])
        except (LocalMisuse, Unavailable) as error:
            done.set_exception(error)
        else:
            done.set_result(None)


def _is_bulk(commit: Commit) -> bool:
    """The entries of a commit are of one lane."""
    return bool(commit.let_go) or any(e.feed.lane is Lane.BULK for e in commit.entries[:1])


def rows_of(commit: Commit) -> int:
    """How many rows a commit writes."""
    return (
        len(commit.records)
        + len(commit.entries)
        + len(commit.heads)
        + len(commit.receipts)
        + len(commit.evidence)
        + len(commit.pending)
        + len(commit.settled)
        + len(commit.let_go)
    )


def unwritable(error: Exception) -> Unavailable:
    """Nothing is wrong with the rows; the database can't take them now."""
    return Unavailable(
        f"the log could not be written: {error}", remedy="Check the disk and its free space"
    )


def misfit(error: Exception) -> LocalMisuse:
    """A row that the log will never take."""
    return LocalMisuse(
        f"the log refuses a row: {error}",
        remedy="Entries follow one another, and each place is written once only",
    )
