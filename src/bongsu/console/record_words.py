"""A record's fields as people read them: degrees, dates, one line a part."""

from collections.abc import Iterable, Mapping
from math import degrees

from bongsu.console.measures import utc_text
from bongsu.vocabulary.units import UtcNs

_MOMENTS = frozenset({"at", "window_from", "window_to", "observed_from", "observed_to"})


def field_lines(fields: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """Name and text of every field, parts of a structure under dotted names."""
    for name, value in fields.items():
        yield from _lines(name, value)


def _lines(name: str, value: object) -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping):
        for part, one in value.items():
            yield from _lines(f"{name}.{part}", one)
    elif isinstance(value, list) and any(isinstance(one, Mapping | list) for one in value):
        for at, one in enumerate(value):
            yield from _lines(f"{name}.{at}", one)
    else:
        yield _in_degrees(name), _text(name, value)


def _in_degrees(name: str) -> str:
    return f"{name.removesuffix('_rad')}_deg" if name.endswith("_rad") else name


def _text(name: str, value: object) -> str:
    last = name.rpartition(".")[2]
    if value is None:
        return "none"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "none"
    if isinstance(value, float):
        return f"{degrees(value):.4f}" if last.endswith("_rad") else f"{value:,.3f}"
    if isinstance(value, int) and (last in _MOMENTS or last.endswith("_at")):
        return utc_text(UtcNs(value))
    return str(value)
