"""Instants as people write them."""

from datetime import UTC, datetime

from bongsu.vocabulary.units import NS_PER_S, UtcNs


def utc_text(at: UtcNs) -> str:
    """ISO 8601 in UTC, cut to the second."""
    return datetime.fromtimestamp(at // NS_PER_S, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
