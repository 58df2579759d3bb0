"""Group commit: one thread makes durable, in one transaction, everything that waits.

So the cost of a durable commit is shared. A commit that a database refuses fails alone: when a
group fails, each of it is tried by itself, and one bad row harms no other.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from bongsu.node.ports import Commit
from bongsu.vocabulary.errors import LocalMisuse, Unavailable

MAXIMUM_WAITING_ROWS = 100_000
MAXIMUM_GROUP_ROWS = 4_096

Work = tuple[Commit, Future[None]]
Insert = Callable[[Sequence[Commit]], None]


class GroupCommit:
    """Owns the queue and the writing thread of a log.

    `insert` writes some commits in one transaction, on this thread alone; it raises Unavailable
    (try again) or LocalMisuse (never will they fit), and has then written nothing.
    """

    def __init__(self, insert: Insert) -> None:
        self._insert = insert
        self._waiting: deque[Work] = deque()
        self._waiting_rows = 0
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
            elif self._waiting and self._waiting_rows + rows > MAXIMUM_WAITING_ROWS:
                done.set_exception(
                    Unavailable(
                        f"{self._waiting_rows} rows are waiting for the disk",
                        remedy="Check the disk's speed and free space",
                    )
                )
            else:
                self._waiting.append((commit, done))
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
            while not self._waiting and not self._closed:
                self._changed.wait()
            group: list[Work] = []
            rows = 0
            while self._waiting and (not group or rows < MAXIMUM_GROUP_ROWS):
                work = self._waiting.popleft()
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
