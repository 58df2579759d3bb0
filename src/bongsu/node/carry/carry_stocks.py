"""Stocks of single-use keys: ours go to every partner that is heard, theirs are kept and spent.

A stock is stated afresh every ten minutes, and whenever a partner is heard again: it names the
keys that are unused then, so that a lost one does no harm and a key that we changed ourselves
is followed by a stock under the new one.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ParamSpec, TypeVar

from bongsu.node.carry.carry_ports import CarryPost
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.services import Services
from bongsu.records.carry_key import (
    CARRY_STOCK,
    SIGNED_CARRY_STOCK,
    CarryKey,
    CarryStock,
    give_stock,
    keys_of,
    open_stock,
)
from bongsu.vocabulary.errors import BongsuError, PeerViolation
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId

CHANNEL = "carry-keys"
GIVEN_EVERY_NS = 600 * NS_PER_S
MAXIMUM_AT_ONCE = 64  # stocks that are being given or taken

P = ParamSpec("P")
R = TypeVar("R")


class CarryStocks:
    """Lives on the node's loop; files are touched on the post's own thread."""

    def __init__(
        self, services: Services, post: CarryPost, links: Mapping[NodeId, PartnerLink]
    ) -> None:
        self._services = services
        self._post = post
        self._links = links
        self._give_at: dict[NodeId, MonotonicNs] = {}
        self._under_way: set[asyncio.Future[None]] = set()

    def time_passed(self) -> None:
        """Give stocks that are due to partners that are there."""
        now = self._services.clock.monotonic()
        for partner, link in self._links.items():
            if not link.is_heard:
                self._give_at.pop(partner, None)
            elif now >= self._give_at.get(partner, now):
                self._give_at[partner] = MonotonicNs(now + GIVEN_EVERY_NS)
                self._start(self._send_stock(partner))

    def take_message(self, partner: NodeId, payload: bytes) -> None:
        """A stock that came by wire; what is wrong with it is refused, counted and kept."""
        self._start(self._take_message(partner, payload))

    async def made_for(self, partner: NodeId) -> bytes:
        """A signed stock of our keys for the partner, with fresh ones where some are missing."""
        services = self._services
        now = services.clock.system_utc()
        public_keys, ends_at = await self.on_files(self._post.keys.stock_for, partner, now=now)
        signed = await services.beside(
            give_stock,
            public_keys,
            services.signer,
            realm=services.me.realm,
            giver=services.me.node,
            sealer=partner,
            given_at=now,
            not_after=ends_at,
        )
        return SIGNED_CARRY_STOCK.encode(signed)

    async def take(self, partner: NodeId, payload: bytes) -> bool:
        """Keep a partner's stock; False for one that is no newer than what we hold.

        Raises PeerViolation for what the partner did not give to us.
        """
        stock = self._opened(partner, payload)
        held = await self.on_files(self._post.keys.held_stock, partner)
        if held is not None:
            known = CARRY_STOCK.decode(SIGNED_CARRY_STOCK.decode(held).stock)
            if stock.given_at <= known.given_at:
                return False
        now = self._services.clock.system_utc()
        await self.on_files(self._post.keys.keep_stock, partner, payload, now=now)
        return True

    async def unspent(self, partner: NodeId) -> tuple[list[CarryKey], str]:
        """Keys of the partner's that nothing was sealed to yet; in words, why there are none."""
        held = await self.on_files(self._post.keys.held_stock, partner)
        if held is None:
            return [], f"{partner} has given no single-use keys"
        try:
            keys = keys_of(self._opened(partner, held))
        except PeerViolation as error:
            return [], error.what
        spent = self._post.keys.is_spent
        unspent = [key for key in keys if not await self.on_files(spent, partner, key.key_id)]
        return unspent, "" if unspent else f"the single-use keys of {partner} are used up"

    async def spend(self, key: CarryKey) -> None:
        """From now on the key counts as used, whatever happens."""
        now = self._services.clock.system_utc()
        await self.on_files(self._post.keys.spend, key.node, key.key_id, now=now)

    async def as_seen(self, partner: NodeId) -> dict[str, object]:
        """How many keys lie ready, for people."""
        unspent, why_none = await self.unspent(partner)
        return {
            "partner": partner,
            "given": await self.on_files(self._post.keys.given, partner),
            "held": len(unspent),
            "why_none": why_none,
        }

    async def on_files(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Touch files, beside the loop and beside everything else."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._post.files, lambda: work(*args, **kwargs))

    def _opened(self, partner: NodeId, payload: bytes) -> CarryStock:
        services = self._services
        stock = open_stock(
            SIGNED_CARRY_STOCK.decode(payload),
            sealer=services.me.node,
            trust=services.trust,
            verifier=services.verifier,
            now=services.clock.system_utc(),
        )
        if stock.giver != partner:
            raise PeerViolation(
                f"{partner} brought single-use keys of {stock.giver}", remedy="Keep it as evidence"
            )
        return stock

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if len(self._under_way) >= MAXIMUM_AT_ONCE:
            self._services.health.refuse("stocks of single-use keys waiting")
            work.close()
            return
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send_stock(self, partner: NodeId) -> None:
        try:
            self._services.engine.send(partner, CHANNEL, await self.made_for(partner))
        except BongsuError as error:
            self._services.journal.write(
                "carry_keys_failed",
                partner=partner,
                reason=error.what,
                remedy=error.remedy,
                scenario_utc_ns=self._services.clock.utc(),
            )

    async def _take_message(self, partner: NodeId, payload: bytes) -> None:
        try:
            await self.take(partner, payload)
        except BongsuError as error:
            self._services.refuse(error, source=partner, payload=payload)
