"""Live and exercise have nothing in common: the list of all that keeps them apart.

Each row makes the same thing twice, once in each realm, as a nation would that runs both. No row
may have a member in common, and what one realm made is refused where the other is expected.
"""

import itertools
import ssl
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bongsu.adapters.engines.carry_folder import ArrivedFolder, DepartingFolder
from bongsu.adapters.engines.zenoh_configuration import calling, listening
from bongsu.adapters.engines.zenoh_settings import (
    Neighbour,
    TlsFiles,
    ZenohSettings,
    require_usable,
)
from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import read_certificates, read_certified_signer, read_trust
from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.nation_keys import make_nation_keys
from bongsu.adapters.keys.tls_certificates import (
    AUTHORITIES_FILE,
    NODE_CERTIFICATE_FILE,
    NODE_KEY_FILE,
    authority_file,
    require_authority,
)
from bongsu.adapters.keys.trust_folder import trust_nations
from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.settings import NodeSettings, read_settings
from bongsu.records.certificate import CERTIFICATE, Role
from bongsu.records.feed import FeedId, genesis_hash
from bongsu.records.keys import Purpose, context_for
from bongsu.records.lane import Lane
from bongsu.vocabulary.errors import BongsuError, LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId

LIVE, EXERCISE = Realm.LIVE, Realm.EXERCISE
KR, US = NationId("KR"), NationId("US")
BOTH_WAYS = [pytest.param(LIVE, EXERCISE, id="live here"), pytest.param(EXERCISE, LIVE, id="drill")]


@dataclass(frozen=True, slots=True)
class Home:
    """One machine of Korea and one of the United States, in one realm."""

    realm: Realm
    korea: KeyFolders
    states: KeyFolders

    def tls(self, folders: KeyFolders) -> TlsFiles:
        keys = folders.of(Role.NODE, f"{folders.nation}-1")
        return TlsFiles(
            certificate=keys / NODE_CERTIFICATE_FILE,
            private_key=keys / NODE_KEY_FILE,
            authorities=folders.trust / AUTHORITIES_FILE,
        )


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[Realm, Home]:
    return {realm: _home(tmp_path_factory.mktemp(realm.value), realm) for realm in Realm}


def _home(folder: Path, realm: Realm) -> Home:
    korea, states = (
        make_nation_keys(
            NationPlan(
                nation=nation,
                realm=realm,
                site=1,
                sensors=(f"{nation}-RADAR-1",),
                officers=(f"{nation}-OFFICER-1",),
            ),
            folder / nation,
            now=SystemClock().system_utc(),
        ).folders
        for nation in (KR, US)
    )
    for folders in (korea, states):
        trust_nations(folders, (korea.public, states.public), realm=realm)
    return Home(realm, korea, states)


def _certified(home: Home) -> Set[object]:
    """Root, node, tracker, sensor and officer."""
    found = read_certificates(home.korea.certificates)
    keys = [CERTIFICATE.decode(one.certificate).keys for one in found]
    return {part for one in keys for part in (one.ed25519, one.ml_dsa_65) if part}


def _authority(home: Home) -> x509.Certificate:
    return x509.load_pem_x509_certificate(
        (home.korea.public / authority_file(home.korea.nation)).read_bytes()
    )


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _settings(home: Home) -> ZenohSettings:
    return ZenohSettings(
        node=NodeId("KR-1"),
        realm=home.realm,
        listen=("tls/127.0.0.1:17411",),
        neighbours=(Neighbour(node=NodeId("US-1")),),
        tls=home.tls(home.korea),
    )


def _genesis(home: Home) -> Set[object]:
    return {
        genesis_hash(
            FeedId(
                realm=home.realm,
                sender=NodeId("KR-1"),
                reader=NodeId("US-1"),
                lane=lane,
                epoch=1,
            )
        )
        for lane in Lane
    }


APART: dict[str, Callable[[Home], Set[object]]] = {
    "keys that roots certify": _certified,
    "names of link authorities": lambda home: {_authority(home).subject},
    "keys of link authorities": lambda home: {_public(_authority(home))},
    "link keys of nodes": lambda home: {home.tls(home.korea).private_key.read_bytes()},
    "contexts of signatures": lambda home: {context_for(home.realm, one) for one in Purpose},
    "information that sealing binds": lambda home: {context_for(home.realm, Purpose.FRAME)},
    "beginnings of feeds": _genesis,
    "keys of the message engine": lambda home: {_settings(home).prefix},
    "banners": lambda home: {home.realm.banner},
}


@pytest.mark.parametrize("what", APART)
def test_no_part_is_the_same_in_both_realms(homes: dict[Realm, Home], what: str) -> None:
    live, exercise = APART[what](homes[LIVE]), APART[what](homes[EXERCISE])
    assert live
    assert exercise
    assert not live & exercise


@pytest.mark.parametrize(("here", "other"), BOTH_WAYS)
def test_a_trust_folder_of_one_realm_is_none_in_the_other(
    homes: dict[Realm, Home], here: Realm, other: Realm
) -> None:
    verifier = CryptographyVerifier()
    read_trust(homes[here].korea.trust, realm=here, verifier=verifier)
    with pytest.raises(BongsuError, match="marked"):
        read_trust(homes[other].korea.trust, realm=here, verifier=verifier)


@pytest.mark.parametrize("role_and_name", [(Role.NODE, "KR-1"), (Role.TRACKER, "KR-TRACKER-1")])
@pytest.mark.parametrize(("here", "other"), BOTH_WAYS)
def test_private_keys_of_one_realm_start_nothing_in_the_other(
    homes: dict[Realm, Home], here: Realm, other: Realm, role_and_name: tuple[Role, str]
) -> None:
    role, name = role_and_name
    trust = read_trust(homes[here].korea.trust, realm=here, verifier=CryptographyVerifier())
    now = SystemClock().system_utc()
    read_certified_signer(
        homes[here].korea.of(role, name), role=role, subject=name, trust=trust, now=now
    )
    with pytest.raises(LocalMisuse, match="not the certified ones"):
        read_certified_signer(
            homes[other].korea.of(role, name), role=role, subject=name, trust=trust, now=now
        )


@pytest.mark.parametrize(("here", "other"), BOTH_WAYS)
def test_an_authority_of_one_realm_is_none_in_the_other(
    homes: dict[Realm, Home], here: Realm, other: Realm
) -> None:
    path = homes[other].korea.public / authority_file(KR)
    with pytest.raises(LocalMisuse, match=f"no link authority of KR in the {here.value} realm"):
        require_authority(path.read_bytes(), nation=KR, realm=here, where=path)


def _context(files: TlsFiles, side: ssl._SSLMethod) -> ssl.SSLContext:
    context = ssl.SSLContext(side)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(files.certificate, files.private_key)
    context.load_verify_locations(files.authorities)
    return context


def _shakes_hands(server: TlsFiles, client: TlsFiles) -> bool:
    """Mutual TLS in memory, until both are done or one refuses."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        _context(server, ssl.PROTOCOL_TLS_SERVER).wrap_bio(up, down, server_side=True),
        _context(client, ssl.PROTOCOL_TLS_CLIENT).wrap_bio(down, up),
    ]
    done = [False, False]
    for at in itertools.islice(itertools.cycle((1, 0)), 20):
        try:
            ends[at].do_handshake()
            ends[at].write(b"x") if not done[at] else None
            done[at] = True
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError:
            return False
        if all(done):
            break
    try:
        return all(end.read(1) == b"x" for end in ends)
    except ssl.SSLError:
        return False


@pytest.mark.parametrize("realm", Realm)
def test_nodes_of_one_realm_shake_hands(homes: dict[Realm, Home], realm: Realm) -> None:
    home = homes[realm]
    assert _shakes_hands(home.tls(home.korea), home.tls(home.states))


@pytest.mark.parametrize(("here", "other"), BOTH_WAYS)
def test_nodes_of_two_realms_never_shake_hands(
    homes: dict[Realm, Home], here: Realm, other: Realm
) -> None:
    listener, caller = homes[here], homes[other]
    assert not _shakes_hands(listener.tls(listener.korea), caller.tls(caller.states))
    assert not _shakes_hands(caller.tls(caller.states), listener.tls(listener.korea))


@pytest.mark.parametrize(("here", "other"), BOTH_WAYS)
def test_a_log_of_one_realm_is_not_opened_in_the_other(
    tmp_path: Path, here: Realm, other: Realm
) -> None:
    path = tmp_path / "log.sqlite"
    SqliteStore(path, node=NodeId("KR-1"), realm=here).close()
    with pytest.raises(LocalMisuse, match=f"says realm '{here.value}'"):
        SqliteStore(path, node=NodeId("KR-1"), realm=other)


@pytest.mark.parametrize(("here", "other"), BOTH_WAYS)
def test_what_is_carried_by_hand_does_not_arrive_in_the_other_realm(
    tmp_path: Path, here: Realm, other: Realm
) -> None:
    sender, reader = NodeId("KR-1"), NodeId("US-1")
    departing = DepartingFolder(tmp_path / "trip", realm=other, sender=sender, reader=reader)
    departing.open(lambda *_: None)
    assert departing.send(reader, "bulk", b"sealed")
    departing.close()
    ArrivedFolder(tmp_path / "trip", realm=other, reader=reader).close()
    with pytest.raises(LocalMisuse, match=f"here is US-1 in the {here.value} realm"):
        ArrivedFolder(tmp_path / "trip", realm=here, reader=reader)


def test_an_engine_lets_in_no_key_of_the_other_realm(homes: dict[Realm, Home]) -> None:
    """Its access list speaks of its own realm alone, and denies what it does not speak of."""
    called = Neighbour(node=NodeId("US-1"), connect=("tls/192.0.2.7:17411",))
    for here, other in ((LIVE, EXERCISE), (EXERCISE, LIVE)):
        settings = _settings(homes[here])
        for configuration in (listening(settings), calling(settings, called)):
            access = configuration.get_json("access_control")
            assert settings.prefix in access
            assert _settings(homes[other]).prefix not in access
            assert '"default_permission":"deny"' in access.replace(" ", "")


def test_a_live_engine_has_no_port_without_mutual_tls(homes: dict[Realm, Home]) -> None:
    secured = _settings(homes[LIVE])
    require_usable(secured)
    for endpoint, tls in (("tcp/127.0.0.1:17411", None), ("tls/127.0.0.1:17411", None)):
        with pytest.raises(LocalMisuse, match="without TLS files in the live realm"):
            require_usable(replace(secured, listen=(endpoint,), tls=tls))


def test_a_live_node_has_no_scenario_clock(tmp_path: Path) -> None:
    for realm in Realm:
        path = tmp_path / f"{realm.value}.toml"
        path.write_text(
            f'id = "KR-1"\nrealm = "{realm.value}"\nkeys = "k"\ntrust = "t"\nlog = "l"\n'
            'tracker = "unix:t.sock"\n[clock]\nscenario_start = 2022-10-03T22:22:00Z\n'
            "anchor = 2026-01-01T00:00:00Z\n"
        )
    assert read_settings(tmp_path / "exercise.toml", NodeSettings).clock is not None
    with pytest.raises(LocalMisuse, match="a live process has a scenario clock"):
        read_settings(tmp_path / "live.toml", NodeSettings)
