"""The feeds of a link as people see them: how far each is, how late, what is missing."""

from collections.abc import Iterator, Mapping
from typing import Any

from bongsu.node.links.incoming import Incoming
from bongsu.node.links.outgoing import Outgoing
from bongsu.records.lane import Lane
from bongsu.vocabulary.units import NS_PER_MS, NS_PER_S, MonotonicNs

TO, FROM = "to", "from"


def feeds_as_seen(
    outgoing: Mapping[Lane, Outgoing], incoming: Mapping[Lane, Incoming], *, now: MonotonicNs
) -> list[dict[str, Any]]:
    """Every feed in both directions, as plain values.

    `last` is the sequence on our disk; `missing` is what the partner has not countersigned of
    ours, or what it signed and we don't have; `missing_s` since when, where something is.
    """
    return [*_from(incoming, now), *_to(outgoing)]


def _to(outgoing: Mapping[Lane, Outgoing]) -> Iterator[dict[str, Any]]:
    for lane, feed in outgoing.items():
        machine = feed.machine
        yield {
            "direction": TO,
            "lane": lane.value,
            "epoch": machine.epoch,
            "last": machine.appended,
            "missing": machine.appended - machine.acknowledged,
            "missing_s": None,
            "delay_ms": None,  # the receipts' own figures stand with the contract
        }


def _from(incoming: Mapping[Lane, Incoming], now: MonotonicNs) -> Iterator[dict[str, Any]]:
    for lane, feed in incoming.items():
        machine = feed.machine
        missing = max(0, machine.claimed - machine.stored)
        since = machine.behind_since
        yield {
            "direction": FROM,
            "lane": lane.value,
            "epoch": machine.epoch,
            "last": machine.stored,
            "missing": missing,
            "missing_s": (now - since) / NS_PER_S if missing and since is not None else None,
            "delay_ms": None if feed.delay_ns is None else feed.delay_ns / NS_PER_MS,
        }
