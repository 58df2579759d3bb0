"""A node as a process: every port gets its adapter here."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from bongsu.adapters.control_socket import ControlSocket
from bongsu.adapters.engines.carry_folder import CarryFolders
from bongsu.adapters.engines.zenoh_engine import Neighbour, TlsFiles, ZenohEngine, ZenohSettings
from bongsu.adapters.first_in_line import go_first
from bongsu.adapters.json_journal import JsonJournal
from bongsu.adapters.keys.carry_keys import CarryKeyFolder
from bongsu.adapters.keys.cryptography_keys import (
    CryptographyOpener,
    CryptographySealer,
    CryptographyVerifier,
)
from bongsu.adapters.keys.files import (
    GUIDELINE_FILE,
    read_agreed_guideline,
    read_certified_signer,
    read_trust,
)
from bongsu.adapters.keys.node_keys import NodeKeyFolders
from bongsu.adapters.keys.private_files import read_file
from bongsu.adapters.keys.tls_certificates import (
    AUTHORITIES_FILE,
    NODE_CERTIFICATE_FILE,
    NODE_KEY_FILE,
)
from bongsu.adapters.local_link import LocalListener
from bongsu.main.logs import open_store
from bongsu.main.running import run_to_the_end, stop_on_signals
from bongsu.main.settings import (
    NodeSettings,
    address_beside,
    beside,
    clock_of,
    partners_of,
    read_settings,
    relays_of,
)
from bongsu.node.carry.carry_ports import CarryPost
from bongsu.node.guidelines.agreements import Agreements
from bongsu.node.guidelines.guideline_desk import noted_agreements
from bongsu.node.keys.keyring import Keyring
from bongsu.node.node import Node
from bongsu.node.ports import Store
from bongsu.node.services import Identity, Services
from bongsu.records.certificate import Role
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES
from bongsu.records.keys import Verifier
from bongsu.records.names import nation_of
from bongsu.records.trust import TrustStore
from bongsu.records.versions import Versions
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.sensor_tables import site_of
from bongsu.vocabulary.units import NodeId

CRYPTO_THREADS = 2
# Python's lock changes hands when its holder waits, or when it has held it for so long (5 ms
# otherwise): while a thread opens a large frame the loop and the store get their turns in time.
LOCK_HELD_AT_MOST_S = 0.0005


def run_node(path: Path) -> None:
    """Run the node that `path` configures until it is asked to stop."""
    settings = read_settings(path, NodeSettings)
    first = settings.real_time and go_first()  # before any thread is started: they inherit it
    services = compose(path, settings)
    services.journal.write("scheduled", real_time=first)
    sys.setswitchinterval(LOCK_HELD_AT_MOST_S)
    run_to_the_end(_run(path, settings, services))


def compose(path: Path, settings: NodeSettings) -> Services:
    """Every adapter of a node. Raises LocalMisuse or PeerViolation for unusable files."""
    clock = clock_of(settings)
    verifier = CryptographyVerifier()
    trust_folder = beside(path, settings.trust)
    trust = read_trust(trust_folder, realm=settings.realm, verifier=verifier)
    now = clock.system_utc()
    signer = read_certified_signer(
        beside(path, settings.keys), role=Role.NODE, subject=settings.id, trust=trust, now=now
    )
    store = open_store(path, settings)
    agreed = _agreed_guideline(trust_folder, trust, verifier, store)
    nation = nation_of(settings.id)
    return Services(
        me=Identity(node=settings.id, nation=nation, realm=settings.realm),
        clock=clock,
        store=store,
        engine=ZenohEngine(engine_settings(path, settings)),
        journal=JsonJournal(sys.stdout, node=settings.id, realm=settings.realm),
        entropy=os.urandom,
        verifier=verifier,
        sealer=CryptographySealer(),
        new_opener=CryptographyOpener,
        versions=Versions(minimum=settings.minimum_version),
        keyring=Keyring(
            trust=trust,
            signer=signer,
            keeper=NodeKeyFolders(private=beside(path, settings.keys), trust=trust_folder),
        ),
        agreements=Agreements(
            nation=nation, clock=clock, agreed=() if agreed is None else (agreed,)
        ),
        carry=_carry_post(path, settings),
        sites=tuple(site_of(table) for table in settings.sensors),
        crypto=ThreadPoolExecutor(CRYPTO_THREADS, thread_name_prefix="bongsu-crypto"),
    )


def _agreed_guideline(
    trust_folder: Path, trust: TrustStore, verifier: Verifier, store: Store
) -> AgreedGuideline | None:
    """The trust folder's guideline. Raises PeerViolation where not every party signed it.

    Where an officer's key has ended since, it counts if our own log noted it in good time.
    """
    try:
        return read_agreed_guideline(trust_folder, trust=trust, verifier=verifier)
    except PeerViolation:
        text = read_file(trust_folder / GUIDELINE_FILE, MAXIMUM_GUIDELINE_BYTES)
        noted = noted_agreements(store, realm=trust.realm)
        known = next((one for one in noted if one.guideline.text == text), None)
        if known is None:
            store.close()
            raise
        return known


def _carry_post(path: Path, settings: NodeSettings) -> CarryPost | None:
    if settings.carry is None:
        return None
    return CarryPost(
        keys=CarryKeyFolder(beside(path, settings.carry)),
        trips=CarryFolders(realm=settings.realm, node=settings.id),
        files=ThreadPoolExecutor(1, thread_name_prefix="bongsu-carry"),
    )


async def _run(path: Path, settings: NodeSettings, services: Services) -> None:
    node = Node(
        services,
        partners_of(settings),
        relays=relays_of(settings),
        stands_by=settings.stands_by,
    )
    listener = LocalListener(address_beside(path, settings.tracker), node.take_tracker_batch)
    control = ControlSocket(beside(path, settings.control), node.control)
    await listener.open()
    try:
        await control.open()
        stop_on_signals(node.stop)
        await node.run()
    finally:
        await control.close()
        await listener.close()


def engine_settings(path: Path, settings: NodeSettings) -> ZenohSettings:
    """How this node's message engine listens, connects and whom it lets bring what."""
    neighbours = tuple(
        Neighbour(
            node=partner.id,
            carries_for=frozenset(NodeId(name) for name in partner.carries_for),
            connect=partner.connect,
        )
        for partner in settings.partners
        if partner.direct
    )
    plain = ZenohSettings(
        node=settings.id,
        realm=settings.realm,
        listen=settings.engine.listen,
        neighbours=neighbours,
        send_buffer_kib=settings.engine.send_buffer_kib,
    )
    secured = any(endpoint.startswith(("tls/", "quic/")) for endpoint in plain.endpoints)
    return replace(plain, tls=_tls_files(path, settings)) if secured else plain


def _tls_files(path: Path, settings: NodeSettings) -> TlsFiles:
    keys = beside(path, settings.keys)
    return TlsFiles(
        certificate=keys / NODE_CERTIFICATE_FILE,
        private_key=keys / NODE_KEY_FILE,
        authorities=beside(path, settings.trust) / AUTHORITIES_FILE,
    )
