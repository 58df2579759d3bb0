"""The map that the package ships: coasts and borders from Natural Earth, public domain."""

from importlib.resources import files


def read_coastlines() -> bytes:
    """The packed map's bytes; `console.coastlines.parse_coastlines` reads them."""
    return files("bongsu.console").joinpath("data/coastlines.msgpack.gz").read_bytes()
