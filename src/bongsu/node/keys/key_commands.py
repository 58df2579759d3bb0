"""What people can ask about keys of a running node: take a public part in, show how keys stand."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from bongsu.node.control import Body, NoBody, Offered
from bongsu.node.keys.key_office import KeyOffice
from bongsu.node.keys.key_statuses import KeyStatuses
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.links.reader_keys import ReaderKeys
from bongsu.node.services import Services
from bongsu.records.certificate import CERTIFICATE, SIGNED_CERTIFICATE, Role
from bongsu.records.key_statements import KeyStatements, key_statements
from bongsu.records.keys import PublicKeys, Signer
from bongsu.records.revocation import REVOCATION, SIGNED_REVOCATION
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.units import NodeId

MAXIMUM_STATEMENTS = 4_096

_Signed = Annotated[bytes, Meta(max_length=8_192)]


class PublishBody(Body, frozen=True, kw_only=True):
    """A public part, and the folder of our node's new private keys where those change."""

    certificates: Annotated[tuple[_Signed, ...], Meta(max_length=MAXIMUM_STATEMENTS)] = ()
    revocations: Annotated[tuple[_Signed, ...], Meta(max_length=MAXIMUM_STATEMENTS)] = ()
    private: Annotated[str, Meta(max_length=4_096)] | None = None


class KeyCommands:
    """Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        office: KeyOffice,
        statuses: KeyStatuses,
        *,
        reader_keys: ReaderKeys,
        links: Mapping[NodeId, PartnerLink],
    ) -> None:
        self._services = services
        self._office = office
        self._statuses = statuses
        self._reader_keys = reader_keys
        self._links = links
        self._one_at_a_time = asyncio.Lock()

    @property
    def offered(self) -> Mapping[str, Offered]:
        """The commands by name."""
        return {
            "keys_publish": Offered(PublishBody, self.publish),
            "keys_status": Offered(NoBody, self.as_seen),
        }

    async def publish(self, body: PublishBody) -> object:
        """Believe a public part, use our own new key if it has one, tell every partner.

        Returns what was news once it is on disk. Raises PeerViolation for statements that no
        root trusted here made, LocalMisuse where our own new private key isn't at hand; then
        nothing has changed.
        """
        statements = key_statements(
            [SIGNED_CERTIFICATE.decode(one) for one in body.certificates],
            [SIGNED_REVOCATION.decode(one) for one in body.revocations],
        )
        async with self._one_at_a_time:
            signer = await self._next_signer(statements, body.private)
            news = self._office.learn(statements, told_by="a person here")
            await self._statuses.state_now(signer or self._services.signer)
            if signer is not None:
                self._use(signer)
            await self._office.recorded()
        return {
            "certified": [CERTIFICATE.decode(data).subject for data in news.certificates],
            "ended": [
                {"subject": one.subject, "cause": one.cause.value}
                for one in map(REVOCATION.decode, news.revocations)
            ],
            "own_key_changed": signer is not None,
            "own_key_counts": self._office.own_key_counts(),
        }

    async def as_seen(self, _: NoBody) -> object:
        """How old each nation's status is, which keys have ended, whether our own counts."""
        services = self._services
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "own_key_counts": self._office.own_key_counts(),
            "nations": self._statuses.as_seen(),
            "ended": [
                {
                    "subject": one.subject,
                    "role": one.role.value,
                    "cause": one.cause.value,
                    "ends_at": one.ends_at,
                    "reason": one.reason,
                }
                for one in sorted(services.trust.revocations, key=lambda one: -one.ends_at)
            ],
        }

    async def _next_signer(self, statements: KeyStatements, folder: str | None) -> Signer | None:
        """Our new private keys where these statements change which of them count, else None."""
        services = self._services
        me, now = services.me.node, services.clock.system_utc()
        after = services.trust.with_statements(statements, verifier=services.verifier)
        try:
            certified = after.keys_of(Role.NODE, me, at=now)
        except PeerViolation as error:
            if folder is None:
                return None  # revoked, and no new key yet: partners have to know all the same
            raise LocalMisuse(
                f"the public part has no key of {me} that counts now: {error.what}",
                remedy="Publish the public part that bongsu keys renew wrote; compare the clocks",
            ) from error
        return None if certified == services.signer.public else await self._read(certified, folder)

    async def _read(self, certified: PublicKeys, folder: str | None) -> Signer:
        services, keeper = self._services, self._services.keyring.keeper
        if keeper is None:
            raise LocalMisuse("no private keys are at hand here", remedy="Start the node anew")
        signer = await services.beside(keeper.read_private, folder)
        if signer.public != certified:
            raise LocalMisuse(
                f"the private keys at hand are not the new ones of {services.me.node}",
                remedy="Carry the new folder here and name it: --private FOLDER",
            )
        if folder is not None:
            await services.beside(keeper.install_private, folder)
        return signer

    def _use(self, signer: Signer) -> None:
        """From here on everything is signed with the new key; links follow with new sessions."""
        services = self._services
        services.keyring.signer = signer
        self._reader_keys.renew()
        for link in self._links.values():
            link.own_key_changed()
        services.journal.write(
            "own_key_changed", node=services.me.node, scenario_utc_ns=services.clock.utc()
        )
        services.engine.reopen()
