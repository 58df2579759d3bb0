"""Feeds: in sequence, the same at both ends, on disk before they leave, and acknowledged only then.

What a reader stored must be on its sender's disk, and what a reader countersigned must be on the
reader's disk: at that moment, and after every crash.
"""

from typing import Any

from bongsu.adapters.simulated.network import Message
from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.onlooker.plain_bytes import Place, place_of
from bongsu.main.simulation.verdict import Invariant, Verdict
from bongsu.node.ports import Commit, StoredEntry
from bongsu.records.feed import FeedId
from bongsu.vocabulary.units import NodeId

FIRST_EPOCH = 1


class FeedCheck:
    """Looks at every commit, head and receipt."""

    def __init__(self, verdict: Verdict, machines: dict[NodeId, Machine]) -> None:
        self._verdict = verdict
        self._machines = machines
        self._durable: dict[tuple[FeedId, int], list[StoredEntry]] = {}  # at senders, ever
        self._acknowledged: dict[FeedId, Place] = {}
        self._opened: dict[tuple[NodeId, NodeId, str], int] = {}  # newest epochs, by lane
        self._head_said: dict[FeedId, tuple[int, Place]] = {}  # the sender's life, and what

    def committed(self, machine: Machine, commit: Commit) -> None:
        """Rows became durable: those that others sent must be durable there already."""
        for entry in commit.entries:
            if entry.feed.sender == machine.node_id:
                self._durable.setdefault((entry.feed, entry.sequence), []).append(entry)
            else:
                self._check_received(entry)

    def wrote(self, machine: Machine, event: str, fields: dict[str, Any]) -> None:
        """A line of a journal: a feed that begins anew may hold nothing for long."""
        if event == "own_epoch_opened":
            self._opened[machine.node_id, fields["partner"], fields["lane"]] = fields["epoch"]

    def sent(self, message: Message) -> None:
        """A node gave its engine a message."""
        if message.channel in ("receipt", "ask"):
            self._check_receipt(place_of(message.payload), self._machines[message.sender])
        elif message.channel == "head":
            self._check_head(place_of(message.payload), self._machines[message.sender])

    def started(self, machine: Machine) -> None:
        """After a restart the disk holds whatever was countersigned."""
        for feed, place in self._acknowledged.items():
            if feed.reader == machine.node_id:
                self._verdict.require(
                    _holds(machine, place),
                    Invariant.ON_DISK,
                    "{} countersigned {} of {} and lacks it after a restart",
                    machine.node_id,
                    place.sequence,
                    feed.sender,
                )

    def restored(self, machine: Machine) -> None:
        """What it countersigned and said since the backup was made, it does not know any more."""
        self._acknowledged = {
            feed: place
            for feed, place in self._acknowledged.items()
            if feed.reader != machine.node_id
        }
        self._head_said = {
            feed: said for feed, said in self._head_said.items() if feed.sender != machine.node_id
        }

    def at_rest(self, machine: Machine, partner: Machine) -> None:
        """In a quiet moment both ends of a feed are the same, entry by entry.

        Of a sender that was restored that holds for the epochs that it opened since.
        """
        between = (machine.node_id, partner.node_id)
        feeds = [one for one in machine.disk.entries if (one.sender, one.reader) == between]
        for feed in feeds:
            opened = self._opened.get((*between, feed.lane.value), FIRST_EPOCH)
            newest = max(opened, *(other.epoch for other in feeds if other.lane is feed.lane))
            if machine.restorations and feed.epoch in (FIRST_EPOCH, *range(newest)):
                continue
            sent = machine.disk.entries[feed]
            stored = partner.disk.entries.get(feed, [])
            same = [(row.sequence, row.entry_hash, row.encoded) for row in sent] == [
                (row.sequence, row.entry_hash, row.encoded) for row in stored
            ]
            self._verdict.require(
                same,
                Invariant.NO_LOSS,
                "{} has {} entries for {}, which holds {} of them",
                machine.node_id,
                len(sent),
                partner.node_id,
                len(stored),
            )
            self._verdict.require(
                [row.sequence for row in stored] == list(range(1, len(stored) + 1)),
                Invariant.ORDER,
                "the feed of {} to {} is out of sequence",
                machine.node_id,
                partner.node_id,
            )

    def _check_received(self, entry: StoredEntry) -> None:
        at = entry.sequence
        sent = self._durable.get((entry.feed, at), ())
        self._verdict.require(
            any((row.entry_hash, row.encoded) == (entry.entry_hash, entry.encoded) for row in sent),
            Invariant.STORED_BEFORE_SENT,
            "{} stored entry {} of {}, which never was so on the disk of {}",
            entry.feed.reader,
            at,
            entry.feed.sender,
            entry.feed.sender,
        )

    def _check_receipt(self, place: Place, reader: Machine) -> None:
        self._verdict.require(
            _holds(reader, place),
            Invariant.ON_DISK,
            "{} countersigned {} of {}, which is not on its disk",
            reader.node_id,
            place.sequence,
            place.feed.sender,
        )
        known = self._acknowledged.get(place.feed)
        if known is None or place.sequence > known.sequence:
            self._acknowledged[place.feed] = place

    def _check_head(self, place: Place, sender: Machine) -> None:
        self._verdict.require(
            _holds(sender, place),
            Invariant.STORED_BEFORE_SENT,
            "{} signed a head at {} for {} beyond its disk",
            sender.node_id,
            place.sequence,
            place.feed.reader,
        )
        life, before = self._head_said.get(place.feed, (0, None))
        goes_on = (
            before is None
            or place.sequence >= before.sequence
            and (life != sender.lives or place.beat > before.beat)
        )
        self._verdict.require(
            goes_on,
            Invariant.HEADS_GO_ON,
            "the head of {} to {} ran back to {}",
            sender.node_id,
            place.feed.reader,
            place.sequence,
        )
        self._head_said[place.feed] = (sender.lives, place)


def _holds(machine: Machine, place: Place) -> bool:
    if place.sequence == 0:
        return True
    rows = machine.disk.entries.get(place.feed, [])
    return place.sequence <= len(rows) and rows[place.sequence - 1].entry_hash == place.hash
