"""What every log does, whatever it is kept in. A test module subclasses `StoreContract`."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from msgspec import structs
from tests.adapters.made_up_log import entry, evidence, feed, head, receipt, record

from bongsu.adapters.stores import sought_records
from bongsu.node.ports import (
    Commit,
    FeedPosition,
    LetGo,
    PendingRelease,
    PlacedRecord,
    SettledRelease,
    Sought,
    Store,
    StoredRecord,
)
from bongsu.records.feed import FeedId
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.units import NodeId, UtcNs

PATIENCE_S = 30.0


class Log(Protocol):
    """One log over the lives of several stores."""

    def opened(self) -> Store: ...


def stored(store: Store, *commits: Commit) -> None:
    for done in [store.append(commit) for commit in commits]:
        done.result(PATIENCE_S)


class StoreContract:
    """Needs a fixture `log`."""

    @pytest.fixture
    def store(self, log: Log) -> Iterator[Store]:
        store = log.opened()
        yield store
        store.close()

    def test_what_was_appended_is_read_back_in_order(self, store: Store) -> None:
        stored(
            store,
            Commit(
                records=(record(1), record(2, kind="track_update"), record(3, own=False)),
                entries=(entry(1), entry(2), entry(1, feed("JP-1"))),
            ),
            Commit(records=(record(4),), entries=(entry(3),)),
        )
        assert list(store.records(kind="launch_warning", own=True)) == [record(1), record(4)]
        assert list(store.records(kind="launch_warning", own=False)) == [record(3, own=False)]
        assert store.entries(feed(), after=0, limit=2) == (entry(1), entry(2))
        assert store.entries(feed(), after=2, limit=9) == (entry(3),)
        assert store.entries(feed("AU-1"), after=0, limit=9) == ()
        assert store.entry_hash(feed(), 2) == entry(2).entry_hash
        for nowhere in (0, 4, -1):
            assert store.entry_hash(feed(), nowhere) is None

    def test_positions_are_the_ends_of_all_feeds(self, store: Store) -> None:
        assert store.positions() == ()
        stored(store, Commit(entries=(entry(1), entry(2), entry(1, feed("JP-1")))))
        assert set(store.positions()) == {
            _end(feed(), 2),
            _end(feed("JP-1"), 1),
        }

    def test_the_last_countersigned_sequence_is_known(self, store: Store) -> None:
        assert store.acknowledged(feed()) == 0
        stored(store, Commit(receipts=(receipt(5),)), Commit(receipts=(receipt(2),)))
        assert store.acknowledged(feed()) == 5
        assert store.acknowledged(feed("JP-1")) == 0

    def test_the_newest_signed_head_of_a_feed_is_known(self, store: Store) -> None:
        assert store.newest_head(feed()) is None
        stored(store, Commit(heads=(head(5),)), Commit(heads=(head(2),)))
        assert store.newest_head(feed()) == head(5)
        assert store.newest_head(feed("JP-1")) is None

    def test_the_same_record_head_or_receipt_again_does_no_harm(self, store: Store) -> None:
        for _ in range(2):
            stored(
                store,
                Commit(records=(record(1),), heads=(head(1),), receipts=(receipt(1),)),
            )
        assert list(store.records(kind="launch_warning", own=True)) == [record(1)]

    def test_every_version_of_a_thing_and_who_was_sent_it_is_found(self, store: Store) -> None:
        first, second = (structs.replace(record(at), subject="KR-1/W0001") for at in (1, 2))
        other = structs.replace(record(3), subject="KR-1/W0002")
        sent = [structs.replace(entry(at), subject="KR-1/W0001") for at in (1, 2)]
        elsewhere = structs.replace(entry(1, feed("JP-1")), subject="KR-1/W0001")
        stored(
            store,
            Commit(records=(first, other), entries=(sent[0], elsewhere)),
            Commit(records=(second, record(4)), entries=(sent[1], entry(3))),
        )
        assert store.records_about("KR-1/W0001") == (first, second)
        assert store.entries_about("KR-1/W0001") == (elsewhere, *sent)
        assert store.entries_about("KR-1/W0001", sender=feed().sender) == (elsewhere, *sent)
        assert store.entries_about("KR-1/W0001", sender=NodeId("JP-1")) == ()
        assert store.entries_about("nothing") == ()
        assert store.records_about("nothing") == ()

    def test_one_record_and_its_projections_are_found(self, store: Store) -> None:
        stored(store, Commit(records=(record(1),), entries=(entry(1), entry(1, feed("JP-1")))))
        assert store.record(record(1).record_id) == record(1)
        assert store.record(record(2).record_id) is None
        assert store.entries_of(record(1).record_id) == (entry(1, feed("JP-1")), entry(1))
        assert store.entries_of(record(2).record_id) == ()

    def test_records_between_two_ids_are_found_bulk_too_and_in_bounded_numbers(
        self, store: Store
    ) -> None:
        kinds = ("launch_warning", "track_update")
        rows = [record(number, kind=kinds[number % 2]) for number in range(1, 7)]
        stored(store, Commit(records=tuple(rows)))
        rows.sort(key=lambda row: row.record_id)
        ids = [row.record_id for row in rows]
        found = store.records_between(ids[1], ids[4], limit=9)
        assert sorted(found, key=lambda row: row.record_id) == rows[1:5]
        assert len(store.records_between(ids[1], ids[4], limit=2)) == 2
        assert store.records_between(ids[4], ids[1], limit=9) == ()
        assert all(store.records_between(one, one, limit=2) for one in ids)

    def test_records_are_found_newest_first_by_kind_originator_subject_and_time(
        self, store: Store
    ) -> None:
        rows = [
            structs.replace(
                record(number, kind=("launch_warning", "track_update")[number % 2]),
                subject=f"KR-1/W{number // 4}",
                originator=NodeId(("KR-1", "US-1")[number // 4]),
                stored_at=UtcNs(10 * number),
            )
            for number in range(1, 8)
        ]
        stored(store, Commit(records=tuple(rows[:3])), Commit(records=tuple(rows[3:])))

        def numbers(sought: Sought) -> list[int]:
            found = store.newest_records(sought, before=None, limit=9)
            assert found.before is None
            return [rows.index(one.row) + 1 for one in found.placed]

        assert numbers(Sought()) == [7, 6, 5, 4, 3, 2, 1]
        assert numbers(Sought(kinds=("launch_warning",))) == [6, 4, 2]
        assert numbers(Sought(kinds=("launch_warning", "track_update"))) == [7, 6, 5, 4, 3, 2, 1]
        assert numbers(Sought(kinds=("recall",))) == []
        assert numbers(Sought(originator=NodeId("US-1"), kinds=("track_update",))) == [7, 5]
        assert numbers(Sought(subject="KR-1/W0", stored_to=UtcNs(30))) == [2, 1]
        assert numbers(Sought(stored_from=UtcNs(20), stored_to=UtcNs(40))) == [3, 2]

    def test_who_seeks_records_goes_on_where_the_last_answer_stopped(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sought_records, "PLACES_AT_ONCE", 3)
        kinds = ("launch_warning", "track_update", "plots")
        rows = [record(number, kind=kinds[number % 3]) for number in range(1, 9)]
        stored(store, Commit(records=tuple(rows)))
        for sought in (Sought(), Sought(kinds=("plots",)), Sought(kinds=("recall",))):
            wanted = [row for row in rows[::-1] if sought.kinds in (None, (row.kind,))]
            found: list[StoredRecord] = []
            before: int | None = None
            for _ in range(len(rows)):
                page = store.newest_records(sought, before=before, limit=2)
                assert len(page.placed) <= 2
                found += [one.row for one in page.placed]
                before = page.before
                if before is None:
                    break
            assert before is None
            assert found == wanted

    def test_records_of_one_kind_lie_between_two_places_in_either_order(self, store: Store) -> None:
        kinds = ("launch_warning", "track_update")
        rows = [record(n, kind=kinds[n % 2], own=n % 3 > 0) for n in range(1, 13)]
        stored(store, Commit(records=tuple(rows[:5])), Commit(records=tuple(rows[5:])))
        wanted = [row for row in rows if row.kind == "launch_warning" and row.own]
        placed = store.placed_records(kind="launch_warning", own=True, limit=99)
        assert [one.row for one in placed] == wanted
        places = [one.position for one in placed]
        assert places == sorted(set(places))
        backwards = store.placed_records(
            kind="launch_warning", own=True, newest_first=True, limit=99
        )
        assert backwards == placed[::-1]

        def between(*, newest_first: bool, limit: int) -> tuple[PlacedRecord, ...]:
            return store.placed_records(
                kind="launch_warning",
                own=True,
                after=places[0],
                before=places[3],
                newest_first=newest_first,
                limit=limit,
            )

        assert between(newest_first=False, limit=99) == placed[1:3]
        assert between(newest_first=True, limit=1) == placed[2:3]
        assert between(newest_first=False, limit=1) == placed[1:2]
        assert store.placed_records(kind="recall", own=True, limit=9) == ()
        [whole] = [
            one.position
            for one in store.newest_records(Sought(), before=None, limit=99).placed
            if one.row == wanted[0]
        ]
        assert whole == places[0]

    def test_releases_are_pending_until_settled_and_survive(self, log: Log) -> None:
        store = log.opened()
        later, sooner = (_pending(1, due_s=9), _pending(2, due_s=5))
        stored(store, Commit(records=(record(1),), pending=(later, sooner)))
        assert store.pending(limit=9) == (sooner, later)
        assert store.pending(limit=1) == (sooner,)
        settled = SettledRelease(record_id=sooner.record_id, reader=sooner.reader)
        stored(store, Commit(entries=(entry(1),), settled=(settled,)))
        stored(store, Commit(pending=(sooner,)))
        store.close()
        again = log.opened()
        assert again.pending(limit=9) == (later,)
        again.close()

    def test_content_that_is_let_go_leaves_its_hash(self, log: Log) -> None:
        store = log.opened()
        stored(store, Commit(records=(record(1), record(2)), entries=(entry(1), entry(2))))
        gone = LetGo(
            feed=feed(), sequence=1, record_id=record(1).record_id, content_hash=bytes(range(32))
        )
        stored(store, Commit(let_go=(gone,)))
        assert store.content_hash(feed(), 1) == bytes(range(32))
        assert store.content_hash(feed(), 2) is None
        assert store.entries(feed(), after=0, limit=9) == (
            structs.replace(entry(1), encoded=b""),
            entry(2),
        )
        assert store.record(record(1).record_id) == structs.replace(record(1), encoded=b"")
        assert store.record(record(2).record_id) == record(2)
        assert store.entry_hash(feed(), 1) == entry(1).entry_hash
        stored(store, Commit(entries=(entry(3),)))
        assert store.size().bytes_used > 0
        store.close()

    @pytest.mark.parametrize("sequences", [(2,), (1, 3), (1, 1), (0,)])
    def test_what_would_leave_a_hole_or_take_a_place_twice_is_refused_whole(
        self, store: Store, sequences: tuple[int, ...]
    ) -> None:
        bad = Commit(records=(record(1),), entries=tuple(entry(at) for at in sequences))
        with pytest.raises(LocalMisuse, match="follow") as refused:
            store.append(bad).result(PATIENCE_S)
        assert refused.value.remedy
        assert store.positions() == ()
        assert list(store.records(kind="launch_warning", own=True)) == []

    def test_a_refused_commit_harms_no_other(self, store: Store) -> None:
        first = store.append(Commit(entries=(entry(1),)))
        bad = store.append(Commit(entries=(entry(3),)))
        second = store.append(Commit(entries=(entry(2),)))
        first.result(PATIENCE_S)
        second.result(PATIENCE_S)
        with pytest.raises(LocalMisuse):
            bad.result(PATIENCE_S)
        assert store.positions() == (_end(feed(), 2),)

    def test_what_is_done_outlives_the_store(self, log: Log) -> None:
        store = log.opened()
        stored(
            store,
            Commit(records=(record(1),), entries=(entry(1),), receipts=(receipt(1),)),
            Commit(evidence=(evidence(),)),
        )
        store.close()
        again = log.opened()
        assert list(again.records(kind="launch_warning", own=True)) == [record(1)]
        assert again.entries(feed(), after=0, limit=9) == (entry(1),)
        assert again.acknowledged(feed()) == 1
        stored(again, Commit(entries=(entry(2),)))
        assert again.positions() == (_end(feed(), 2),)
        again.close()

    def test_closing_stores_what_waits_and_then_refuses(self, log: Log) -> None:
        store = log.opened()
        waiting = [store.append(Commit(entries=(entry(at),))) for at in range(1, 200)]
        store.close()
        store.close()
        for done in waiting:
            done.result(PATIENCE_S)
        with pytest.raises(Unavailable, match="closed") as refused:
            store.append(Commit(entries=(entry(200),))).result(PATIENCE_S)
        assert refused.value.remedy
        again = log.opened()
        assert again.positions() == (_end(feed(), 199),)
        again.close()


def _pending(number: int, *, due_s: int) -> PendingRelease:
    record_id = record(number).record_id
    return PendingRelease(record_id=record_id, reader=NodeId("JP-1"), due_at=UtcNs(due_s))


def _end(of: FeedId, sequence: int) -> FeedPosition:
    return FeedPosition(feed=of, sequence=sequence, entry_hash=entry(sequence).entry_hash)
