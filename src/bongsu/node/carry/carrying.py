"""Carrying feeds as files, when every wire is cut: what people ask a node to do."""

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from bongsu.node.carry.carry_export import CarryExport
from bongsu.node.carry.carry_import import CarryImport
from bongsu.node.carry.carry_ports import CarryPost
from bongsu.node.carry.carry_stocks import CarryStocks
from bongsu.node.control import Body, NoBody, Offered
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.services import Services
from bongsu.records.names import Node
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NodeId

FolderPath = Annotated[str, Meta(pattern=r"\A/[^\x00-\x1f\x7f]*\Z", max_length=4_096)]


class ExportOrder(Body, frozen=True, kw_only=True):
    to: Node
    folder: FolderPath


class ImportOrder(Body, frozen=True, kw_only=True):
    folder: FolderPath


class GiveOrder(Body, frozen=True, kw_only=True):
    to: Node


class TakeOrder(Body, frozen=True, kw_only=True):
    giver: Node
    stock: bytes


class Carrying:
    """Lives on the node's loop. One export or import at a time."""

    def __init__(
        self, services: Services, post: CarryPost, links: Mapping[NodeId, PartnerLink]
    ) -> None:
        self._services = services
        self._trips = post.trips
        self._links = links
        self._one_at_a_time = asyncio.Lock()
        self.stocks = CarryStocks(services, post, links)
        self._exports = CarryExport(services, self.stocks, post.trips)
        self._imports = CarryImport(services, self.stocks, post.keys)
        self.offered: Mapping[str, Offered] = {
            "carry_export": Offered(ExportOrder, self._export),
            "carry_import": Offered(ImportOrder, self._import),
            "carry_keys": Offered(NoBody, self._keys),
            "carry_keys_give": Offered(GiveOrder, self._give),
            "carry_keys_take": Offered(TakeOrder, self._take),
        }

    async def _export(self, order: ExportOrder) -> object:
        link = self._link(order.to)
        async with self._one_at_a_time:
            done = await self._exports.export(link, order.folder)
        answer = {"to": order.to, "folder": order.folder, **dataclasses.asdict(done)}
        self._journal("carry_exported", **answer)
        return self._about() | answer

    async def _import(self, order: ImportOrder) -> object:
        async with self._one_at_a_time:
            trip = await self.stocks.on_files(self._trips.arrived, order.folder)
            files = await self._imports.take(trip, self._link(trip.sender))
        outcomes = Counter(str(one["outcome"]) for one in files)
        answer = {"sender": trip.sender, "folder": order.folder, "outcomes": dict(outcomes)}
        self._journal("carry_imported", **answer)
        return self._about() | answer | {"files": files}

    async def _keys(self, _: NoBody) -> object:
        return self._about() | {
            "partners": [await self.stocks.as_seen(partner) for partner in self._links]
        }

    async def _give(self, order: GiveOrder) -> object:
        self._link(order.to)
        return self._about() | {"to": order.to, "stock": await self.stocks.made_for(order.to)}

    async def _take(self, order: TakeOrder) -> object:
        self._link(order.giver)
        news = await self.stocks.take(order.giver, order.stock)
        return self._about() | {"news": news, **await self.stocks.as_seen(order.giver)}

    def _link(self, partner: NodeId) -> PartnerLink:
        link = self._links.get(partner)
        if link is None:
            raise LocalMisuse(
                f"{partner} is no partner of {self._services.me.node}",
                remedy="Name one of the partners in the node's configuration file",
            )
        return link

    def _about(self) -> dict[str, object]:
        me = self._services.me
        return {"node": me.node, "realm": me.realm.value}

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)


def carry_commands(carrying: Carrying | None) -> Mapping[str, Offered]:
    """Its commands, or the same ones that say how to make a node carry."""
    if carrying is not None:
        return carrying.offered
    forms: dict[str, type[Body]] = {
        "carry_export": ExportOrder,
        "carry_import": ImportOrder,
        "carry_keys": NoBody,
        "carry_keys_give": GiveOrder,
        "carry_keys_take": TakeOrder,
    }
    return {name: Offered(form, _does_not_carry) for name, form in forms.items()}


async def _does_not_carry(_: Body) -> object:
    raise LocalMisuse(
        "this node carries nothing as files",
        remedy='Put carry = "carry" into its configuration file, and start it again',
    )
