"""Both logs, the one on disk and the simulated one, keep the same contract."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.adapters.made_up_log import NODE, entry
from tests.adapters.store_contract import Log, StoreContract

from bongsu.adapters.simulated.memory_store import Disk, MemoryStore
from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.node.ports import Commit, Store
from bongsu.vocabulary.errors import Unavailable
from bongsu.vocabulary.realm import Realm


@dataclass
class OnDisk:
    path: Path

    def opened(self) -> Store:
        return SqliteStore(self.path, node=NODE, realm=Realm.EXERCISE)


@dataclass
class InMemory:
    disk: Disk = field(default_factory=Disk)

    def opened(self) -> Store:
        return MemoryStore(self.disk)


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def log(self, tmp_path: Path) -> Log:
        return OnDisk(tmp_path / "log.sqlite")


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def log(self) -> Log:
        return InMemory()

    def test_a_commit_on_demand_is_durable_only_once_completed(self) -> None:
        store = MemoryStore(Disk(), at_once=False)
        first, second = (store.append(Commit(entries=(entry(at),))) for at in (1, 2))
        assert store.positions() == ()
        store.complete(1)
        assert (first.done(), second.done()) == (True, False)
        assert len(store.waiting) == 1
        assert store.positions()[0].sequence == 1

    def test_a_commit_that_was_cancelled_is_not_written(self) -> None:
        store = MemoryStore(Disk(), at_once=False)
        done = store.append(Commit(entries=(entry(1),)))
        assert done.cancel()
        store.close()
        assert store.positions() == ()

    def test_a_full_disk_refuses_until_there_is_room(self) -> None:
        store = MemoryStore(Disk(full=True))
        with pytest.raises(Unavailable, match="full"):
            store.append(Commit(entries=(entry(1),))).result()
        store.disk.full = False
        store.append(Commit(entries=(entry(1),))).result()
        assert store.positions()[0].sequence == 1
