"""The packaged map."""

from bongsu.adapters.packaged_map import read_coastlines


def test_the_map_is_in_the_package_and_small() -> None:
    packed = read_coastlines()
    assert packed[:2] == b"\x1f\x8b"
    assert len(packed) < 400_000
