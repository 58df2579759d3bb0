"""Planted faults: each takes one law out of the product, as somebody might by mistake.

They are put in from outside, for one test at a time; the product has no switch for any of them.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from bongsu.adapters.simulated import marked_keys
from bongsu.adapters.simulated.memory_store import Disk
from bongsu.adapters.simulated.timed_store import PowerCut, TimedStore
from bongsu.node.health import Health
from bongsu.node.links.display_comparison import DisplayComparison
from bongsu.node.links.frame_reading import ReadEntry, ReadFrame
from bongsu.node.links.incoming import Arrival, Incoming, ReceivedRecord
from bongsu.node.links.outgoing import Outgoing
from bongsu.node.links.reception import Reception
from bongsu.node.ports import Commit
from bongsu.node.publishing.publication import Publication
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.recalls import paths
from bongsu.node.releases.due_releases import DueReleases
from bongsu.node.releases.shown import Shown
from bongsu.node.services import Services
from bongsu.protocols.log_exchange import inbound, outbound
from bongsu.protocols.log_exchange.inbound import Position
from bongsu.protocols.picture_book import shown_threats
from bongsu.records import keys, projection, realm_mark, releasability
from bongsu.records.chain import ChainCheck, Link
from bongsu.records.frame import OpenedFrame
from bongsu.records.guideline import Guideline, ReleaseRule
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.lane import Lane
from bongsu.records.record import Record
from bongsu.records.releasability import Decision
from bongsu.vocabulary.errors import Unavailable
from bongsu.vocabulary.units import NationId, UtcNs

Plant = Callable[[pytest.MonkeyPatch], None]


def _put_in_place_of(patch: pytest.MonkeyPatch, original: object, stand_in: object) -> None:
    """Wherever the product has imported it."""
    for module in tuple(sys.modules.values()):
        if module.__name__.startswith("bongsu."):
            for name, value in tuple(vars(module).items()):
                if value is original:
                    patch.setattr(module, name, stand_in)


# --- acknowledged means on disk, and stored before sent ------------------------------------


def acknowledge_before_storing(patch: pytest.MonkeyPatch) -> None:
    stores = Incoming._store

    async def hasty(self: Incoming, read: ReadFrame, entries: Sequence[ReadEntry]) -> None:
        head = read.opened.head
        self._stored = Position(sequence=head.sequence, entry_hash=head.hash)
        self._take(inbound.EntriesStored(head.sequence, True))
        await stores(self, read, entries)

    patch.setattr(Incoming, "_store", hasty)


def send_before_storing(patch: pytest.MonkeyPatch) -> None:
    seals_ahead = Outgoing.seal_ahead

    async def hasty(self: Outgoing) -> None:
        await seals_ahead(self)
        self.appended(self.tail.sequence)

    patch.setattr(Outgoing, "seal_ahead", hasty)


def a_disk_that_loses_what_it_said_was_durable(patch: pytest.MonkeyPatch) -> None:
    """The last write is gone after a loss of power: the disk had only cached it."""
    commits, loses_power = Disk.commit, TimedStore._lose_power
    before: dict[int, list[Any]] = {}

    def remember(self: Disk, commit: Commit) -> None:
        kept = [dict(self.records), {name: list(rows) for name, rows in self.entries.items()}]
        before.setdefault(id(self), []).append(kept)
        del before[id(self)][:-2]
        commits(self, commit)

    def lose(self: TimedStore, cut: PowerCut, size: int) -> None:
        loses_power(self, cut, size)
        self.disk.records, self.disk.entries = before[id(self.disk)][-1]

    patch.setattr(Disk, "commit", remember)
    patch.setattr(TimedStore, "_lose_power", lose)


def a_torn_write_that_is_half_visible(patch: pytest.MonkeyPatch) -> None:
    loses_power = TimedStore._lose_power

    def half(self: TimedStore, cut: PowerCut, size: int) -> None:
        if cut is PowerCut.TORN:
            for commit, _ in tuple(self._waiting)[:size]:
                torn = Commit(records=commit.records)
                self.disk.commit(torn)
                self._completed(torn)
        loses_power(self, cut, size)

    patch.setattr(TimedStore, "_lose_power", half)


def entries_committed_without_their_records(patch: pytest.MonkeyPatch) -> None:
    makes = Publication._commit

    def forgetful(self: Publication, *parts: Any) -> Commit:
        return msgspec.structs.replace(makes(self, *parts), records=())

    patch.setattr(Publication, "_commit", forgetful)


# --- releases --------------------------------------------------------------------------------


def release_without_a_guideline(patch: pytest.MonkeyPatch) -> None:
    def everything(_: object, *, kind: Any, **rest: object) -> Decision:
        fields = frozenset(form_of(kind).fields)
        return Decision(fields=fields, delay_s=0, rule="planted", reason="planted")

    _put_in_place_of(patch, releasability.decide, everything)


def show_withheld_fields(patch: pytest.MonkeyPatch) -> None:
    def whole(record: Record, allowed: object, **rest: object) -> Record:
        return record

    _put_in_place_of(patch, projection.project, whole)


def withhold_agreed_fields(patch: pytest.MonkeyPatch) -> None:
    projects = projection.project

    def meagre(record: Record, allowed: frozenset[str], **rest: Any) -> Record:
        return projects(record, allowed - {"launch", "state"}, **rest)

    _put_in_place_of(patch, projection.project, meagre)


def release_to_the_wrong_reader(patch: pytest.MonkeyPatch) -> None:
    """What one nation may see goes to another."""
    decides = releasability.decide

    def confused(in_force: Any, *, reader: Any, **asked: Any) -> Decision:
        return decides(in_force, reader=NationId("US") if reader == "KR" else reader, **asked)

    _put_in_place_of(patch, decides, confused)


def the_onward_rule_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Whoever holds a record passes it on, whatever its originator agreed to."""
    looks_up = Guideline.rule

    def lavish(self: Guideline, *triple: Any) -> ReleaseRule | None:
        rule = looks_up(self, *triple)
        return None if rule is None else replace(rule, onward=True)

    patch.setattr(Guideline, "rule", lavish)


def delays_forgotten(patch: pytest.MonkeyPatch) -> None:
    decides = releasability.decide

    def hasty(in_force: Any, **asked: Any) -> Decision:
        return replace(decides(in_force, **asked), delay_s=0)

    _put_in_place_of(patch, decides, hasty)


def what_waits_forgotten_by_a_restart(patch: pytest.MonkeyPatch) -> None:
    async def nothing(self: DueReleases) -> None:
        self._more_in_log = False

    patch.setattr(DueReleases, "_read_log", nothing)


def recalls_kept_at_home(patch: pytest.MonkeyPatch) -> None:
    _put_in_place_of(patch, paths.readers_of_recalled, lambda *_: {})


def corrections_blocked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Shown, "of", lambda self, kind, subject: {})


def frames_not_sealed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(marked_keys, "_hidden", lambda secret, number, info, text: text)


def sealed_to_a_key_that_is_gone(patch: pytest.MonkeyPatch) -> None:
    """The first key of a reader is used for ever, whatever it announces later."""
    uses = Outgoing.use_key

    def stubborn(self: Outgoing, announced: Any, *, there: UtcNs) -> None:
        if self._reader_key is None:
            uses(self, announced, there=there)

    patch.setattr(Outgoing, "use_key", stubborn)


def the_time_of_a_key_believed_as_first_told(patch: pytest.MonkeyPatch) -> None:
    """What the same key says later of how long it is good for is not listened to."""
    uses = Outgoing.use_key

    def deaf(self: Outgoing, announced: Any, *, there: UtcNs) -> None:
        if self._reader_key is None or announced.key_id != self._reader_key.key_id:
            uses(self, announced, there=there)

    patch.setattr(Outgoing, "use_key", deaf)


# --- order and completeness ------------------------------------------------------------------


def the_chain_not_checked(patch: pytest.MonkeyPatch) -> None:
    def trusting(opened: OpenedFrame, *, after_sequence: int, after_hash: bytes) -> ChainCheck:
        known = opened.frame.entries[-1].sequence <= after_sequence
        if known:
            return ChainCheck(link=Link.DUPLICATE)
        return ChainCheck(link=Link.CONTINUES, entries=opened.frame.entries, hashes=opened.hashes)

    patch.setattr(inbound, "check_chain", trusting)


def duplicates_accepted(patch: pytest.MonkeyPatch) -> None:
    takes = Incoming._take_read

    def again(self: Incoming, read: ReadFrame) -> list[inbound.StoreEntries]:
        is_known = read.opened.head.sequence <= self._stored.sequence
        to_store = takes(self, read)
        if is_known:
            now = self._services.clock.monotonic()
            records = tuple(one.opened for one in read.entries if one.opened is not None)
            received = [
                ReceivedRecord(record=record, sender=self._partner, stored_at=now)
                for record in records
                if record.kind is RecordKind.LAUNCH_WARNING
            ]
            self._receiver().take(Arrival(records=records), received)
        return to_store

    def forgetful(self: Reception, received: ReceivedRecord) -> None:
        self._take_first(received)

    patch.setattr(Incoming, "_take_read", again)
    patch.setattr(Reception, "_take_again", forgetful)


def shown_backwards(patch: pytest.MonkeyPatch) -> None:
    takes = Reception.take

    def backwards(self: Reception, arrival: Arrival, received: Sequence[ReceivedRecord]) -> None:
        takes(self, arrival, received[::-1])

    patch.setattr(Reception, "take", backwards)


def nothing_asked_for_after_a_gap(patch: pytest.MonkeyPatch) -> None:
    performs = Incoming._perform

    def silent(self: Incoming, effect: inbound.Effect) -> None:
        if not isinstance(effect, inbound.AskAfter):
            performs(self, effect)

    patch.setattr(Incoming, "_perform", silent)


def places_not_taken_back_when_the_disk_refuses(patch: pytest.MonkeyPatch) -> None:
    async def stubborn(self: Publisher, part: Sequence[Any], lane: Lane) -> bool:
        publication = Publication(self._services, self.releasing, self._recalls)
        try:
            await publication.carry_out(part)
        except Unavailable:
            return False
        return True

    patch.setattr(Publisher, "_is_out", stubborn)


def statements_given_up_when_the_disk_refuses(patch: pytest.MonkeyPatch) -> None:
    puts_out = Publisher._is_out

    async def easy(self: Publisher, part: Sequence[Any], lane: Lane) -> bool:
        await puts_out(self, part, lane)
        return True

    patch.setattr(Publisher, "_is_out", easy)


def begun_anew_after_every_restart(patch: pytest.MonkeyPatch) -> None:
    """A reader forgets how far its disk is."""
    begins = Incoming.__init__

    def forgetful(self: Incoming, services: Any, *rest: Any) -> None:
        positions = services.store.positions
        services.store.positions = lambda: ()
        begins(self, services, *rest)
        services.store.positions = positions

    patch.setattr(Incoming, "__init__", forgetful)


def a_lost_place_not_believed(patch: pytest.MonkeyPatch) -> None:
    """A node that was set up from a backup goes on in the old epoch, whatever it is shown."""
    patch.setattr(outbound, "_shown", lambda state, shown: (state, ()))


# --- heads, clocks, signatures, realms, counts ---------------------------------------------


def heads_that_follow_the_clock_back(patch: pytest.MonkeyPatch) -> None:
    states = Outgoing._head_of

    def naive(self: Outgoing, place: Any) -> Any:
        head = states(self, place)
        return msgspec.structs.replace(head, beat=head.stated_at)

    patch.setattr(Outgoing, "_head_of", naive)


def signatures_not_checked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(marked_keys.MarkedVerifier, "verify", lambda *_, **__: True)


def the_realm_ignored(patch: pytest.MonkeyPatch) -> None:
    """Both its mark and its part in every signature."""
    _put_in_place_of(patch, realm_mark.require_realm, lambda *_, **__: None)
    _put_in_place_of(
        patch, keys.context_for, lambda realm, purpose: f"bongsu/1/{purpose.value}".encode()
    )


def refusals_not_counted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Health, "refuse", lambda self, reason, count=1: 1)


# --- what is shown -------------------------------------------------------------------------


def a_display_that_counts_twice(patch: pytest.MonkeyPatch) -> None:
    """One nation's renderer, as a failed chip had it in 1980."""
    begins, first = DisplayComparison.__init__, dict[str, NationId]()

    def begun(self: DisplayComparison, services: Services, *args: Any, **kwargs: Any) -> None:
        begins(self, services, *args, **kwargs)
        first.setdefault("nation", services.me.nation)
        if services.me.nation == first["nation"]:
            self.render = lambda warnings: 2 * shown_threats(tuple(warnings))

    patch.setattr(DisplayComparison, "__init__", begun)
