"""Single-use keys on disk: private, each used once, erased afterwards and in time."""

import stat
from pathlib import Path

import pytest

from bongsu.adapters.keys.carry_keys import LASTS_AT_LEAST_NS, CarryKeyFolder
from bongsu.adapters.keys.cryptography_keys import CryptographySealer
from bongsu.records.carry_key import LIFETIME_NS, STOCK_KEYS
from bongsu.records.reader_key import key_id_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, NodeId, UtcNs

KR, US = NodeId("KR-1"), NodeId("US-1")
NOW = UtcNs(1_700_000_000 * NS_PER_S)


@pytest.fixture
def keys(tmp_path: Path) -> CarryKeyFolder:
    return CarryKeyFolder(tmp_path / "carry")


def private_files(folder: Path) -> list[Path]:
    return sorted((folder / "carry" / "given" / KR).glob("*.key"))


def test_a_stock_is_made_once_and_told_again(keys: CarryKeyFolder, tmp_path: Path) -> None:
    stock, ends_at = keys.stock_for(KR, now=NOW)
    assert len(set(stock)) == STOCK_KEYS
    assert ends_at == NOW + LIFETIME_NS
    again, _ = CarryKeyFolder(tmp_path / "carry").stock_for(KR, now=UtcNs(NOW + 1))
    assert set(again) == set(stock)
    assert keys.given(KR) == STOCK_KEYS
    assert keys.given(US) == 0
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in private_files(tmp_path))


def test_a_key_opens_what_was_sealed_to_it_until_it_is_erased(
    keys: CarryKeyFolder, tmp_path: Path
) -> None:
    [public, *_], _ = keys.stock_for(KR, now=NOW)
    key_id = key_id_of(public)
    sealed = CryptographySealer().seal(public, b"a frame", info=b"info")
    opener = keys.opener(KR, key_id)
    assert opener is not None
    assert opener.open(sealed, info=b"info") == b"a frame"
    assert keys.opener(US, key_id) is None  # it was given to another partner
    [file] = [one for one in private_files(tmp_path) if one.stem == key_id.hex()]
    before = file.read_bytes()
    still_open = file.open("rb")
    keys.erase(KR, key_id, now=NOW)
    with still_open:  # what the deleted file's blocks hold now
        after = still_open.read()
    assert len(after) == len(before)
    assert before[8:] not in after
    assert keys.opener(KR, key_id) is None
    assert keys.was_used(KR, key_id)
    keys.erase(KR, key_id, now=NOW)  # again does no harm


def test_a_used_key_is_replaced_in_the_next_stock(keys: CarryKeyFolder) -> None:
    [public, *_], _ = keys.stock_for(KR, now=NOW)
    keys.erase(KR, key_id_of(public), now=NOW)
    stock, _ = keys.stock_for(KR, now=NOW)
    assert len(stock) == STOCK_KEYS
    assert public not in stock


def test_ageing_keys_are_given_no_more_and_erased_at_their_end(
    keys: CarryKeyFolder, tmp_path: Path
) -> None:
    old, _ = keys.stock_for(KR, now=NOW)
    later = UtcNs(NOW + LIFETIME_NS - LASTS_AT_LEAST_NS + 1)
    fresh, ends_at = keys.stock_for(KR, now=later)
    assert not set(old) & set(fresh)
    assert ends_at == later + LIFETIME_NS
    assert keys.opener(KR, key_id_of(old[0])) is not None  # something may be under way
    keys.stock_for(KR, now=UtcNs(NOW + LIFETIME_NS))
    assert keys.opener(KR, key_id_of(old[0])) is None
    assert len(private_files(tmp_path)) == 2 * STOCK_KEYS  # those of `later` age, too, and others


def test_a_partners_key_is_spent_once_and_remembered_as_long_as_it_could_be_valid(
    keys: CarryKeyFolder,
) -> None:
    key_id = b"k" * 16
    assert not keys.is_spent(US, key_id)
    keys.spend(US, key_id, now=NOW)
    assert keys.is_spent(US, key_id)
    with pytest.raises(LocalMisuse, match="twice"):
        keys.spend(US, key_id, now=NOW)
    keys.keep_stock(US, b"a newer stock", now=UtcNs(NOW + LIFETIME_NS - 1))
    assert keys.is_spent(US, key_id)
    assert keys.held_stock(US) == b"a newer stock"
    keys.keep_stock(US, b"the newest", now=UtcNs(NOW + LIFETIME_NS))
    assert not keys.is_spent(US, key_id)
    assert keys.held_stock(KR) is None


def test_a_key_file_that_others_could_read_or_that_is_damaged_is_said(
    keys: CarryKeyFolder, tmp_path: Path
) -> None:
    keys.stock_for(KR, now=NOW)
    file = private_files(tmp_path)[0]
    file.chmod(0o644)
    with pytest.raises(LocalMisuse, match="can be read by others"):
        keys.opener(KR, bytes.fromhex(file.stem))
    file.chmod(0o600)
    file.write_bytes(b"short")
    with pytest.raises(LocalMisuse, match="holds no single-use key"):
        keys.stock_for(KR, now=NOW)
