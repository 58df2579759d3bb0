"""The status of keys that nodes repeat to each other: how old our knowledge is, shown to people."""

from collections.abc import Mapping
from functools import partial

from bongsu.node.keys.key_office import KeyOffice
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.services import Services
from bongsu.protocols import key_status
from bongsu.records.key_status import (
    SIGNED_KEY_STATUS,
    KeyStatus,
    for_reader,
    open_key_status,
    presented,
    sign_key_status,
)
from bongsu.records.keys import Signer
from bongsu.records.names import nation_of
from bongsu.vocabulary.errors import BongsuError, PeerViolation
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NationId, NodeId

CHANNEL = "keys"
DUE_NOW = MonotonicNs(-(2**63))


class KeyStatuses:
    """Lives on the node's loop."""

    def __init__(
        self, services: Services, office: KeyOffice, links: Mapping[NodeId, PartnerLink]
    ) -> None:
        self._services = services
        self._office = office
        self._links = links
        nations = {nation_of(partner) for partner in links} - {services.me.nation}
        self.machine = key_status.KeyStatuses(
            expected=tuple(sorted(nations)), opened_at=services.clock.monotonic()
        )
        self._due_at = DUE_NOW

    def take(self, partner: NodeId, payload: bytes) -> None:
        """A partner's status; what is wrong with it is refused, counted and kept."""
        try:
            self._take(partner, payload)
        except BongsuError as error:
            self._services.refuse(error, source=partner, payload=payload)

    async def state_now(self, signer: Signer) -> None:
        """State our status out of turn; once this returns it is on its way.

        Before our own key is exchanged it is signed with the next one: what follows under that
        key meets partners who know it.
        """
        self._step(key_status.StatedOutOfTurn())
        await self._services.beside(self._sign_and_send, signer)

    def time_passed(self) -> None:
        """State what is due; tell of nations that were not heard of."""
        if self._services.clock.monotonic() >= self._due_at:
            self._step(key_status.TimePassed())
            self._due_at = key_status.quiet_until(self.machine)

    def as_seen(self) -> list[dict[str, object]]:
        """Each nation's status, for people."""
        return [self._nation_as_seen(nation) for nation in self.machine.expected]

    def _take(self, partner: NodeId, payload: bytes) -> None:
        services = self._services
        signed = SIGNED_KEY_STATUS.decode(payload)
        # What a root signed counts whoever brings it, and may be what makes the rest readable.
        brought = presented(signed, node=partner, reader=services.me.node)
        self._office.learn(brought, told_by=partner)
        status = open_key_status(signed, trust=services.trust, verifier=services.verifier)
        if status.node != partner:
            raise PeerViolation(
                f"{partner} brought a key status of {status.node}", remedy="Keep it as evidence"
            )
        self._step(
            key_status.StatusVerified(
                node=partner,
                nation=nation_of(partner),
                stated_at=status.stated_at,
                received_at=services.clock.system_utc(),
                digest=status.digest,
            )
        )

    def _step(self, event: key_status.Event) -> None:
        now = self._services.clock.monotonic()
        self.machine, effects = key_status.step(self.machine, event, now=now)
        self._due_at = DUE_NOW
        for effect in effects:
            match effect:
                case key_status.StateStatus():
                    signer = self._services.signer
                    self._services.submit(partial(self._sign_and_send, signer))
                case key_status.TellStale(nation):
                    self._journal("key_status_stale", nation=nation)
                case key_status.TellFresh(nation):
                    self._journal("key_status_fresh", nation=nation)

    def _sign_and_send(self, signer: Signer) -> None:
        services, me, trust = self._services, self._services.me, self._services.trust
        now = services.clock.system_utc()
        status = KeyStatus(
            realm=me.realm, node=me.node, stated_at=now, digest=trust.digest_of(me.nation)
        )
        signed = sign_key_status(status, signer)
        for partner in tuple(self._links):
            said = for_reader(signed, trust=trust, node=me.node, reader=partner, now=now)
            services.engine.send(partner, CHANNEL, SIGNED_KEY_STATUS.encode(said))

    def _nation_as_seen(self, nation: NationId) -> dict[str, object]:
        now = self._services.clock.monotonic()
        age = key_status.age_ns(self.machine, nation, now=now)
        ours = self._services.trust.digest_of(nation)
        said = [heard.digest for heard in self.machine.heard.values() if heard.nation == nation]
        return {
            "nation": nation,
            "age_s": None if age is None else age / NS_PER_S,
            "stale": nation in self.machine.stale,
            "same_as_ours": all(digest == ours for digest in said),
        }

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)
