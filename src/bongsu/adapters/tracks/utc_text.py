"""Instants as formats of others write them."""

from datetime import UTC, datetime, timedelta
from typing import Final

from bongsu.vocabulary.units import UtcNs

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def utc_text_ms(at: UtcNs) -> str:
    """ISO 8601 in UTC, cut to the millisecond."""
    instant = EPOCH + timedelta(milliseconds=at // 1_000_000)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1_000:03}Z"
