"""Verifying a node's folder: its settings say which log, whose keys and which realm."""

from pathlib import Path

from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import read_trust
from bongsu.main.logs import open_log
from bongsu.main.settings import NodeSettings, beside, read_settings
from bongsu.records.record_inspection import Damage
from bongsu.records.verification import BadPart, VerificationReport, verify_log
from bongsu.vocabulary.errors import LocalMisuse

SETTINGS_FILES = ("node.toml", "node.json")


def node_settings_file(folder: Path) -> Path:
    """The settings in a node's folder; LocalMisuse where there are none."""
    for name in SETTINGS_FILES:
        if (folder / name).is_file():
            return folder / name
    raise LocalMisuse(
        f"{folder} holds neither {' nor '.join(SETTINGS_FILES)}",
        remedy="Name the folder of one node, with its settings file in it",
    )


def verify_folder(folder: Path) -> tuple[NodeSettings, VerificationReport]:
    """Check the whole log of the node in `folder`, with the keys that it trusts.

    Raises LocalMisuse or PeerViolation where settings, trust folder or log can't be used;
    what is wrong inside the log stands in the report.
    """
    path = node_settings_file(folder)
    settings = read_settings(path, NodeSettings)
    verifier = CryptographyVerifier()
    trust = read_trust(beside(path, settings.trust), realm=settings.realm, verifier=verifier)
    log = open_log(path, settings)
    try:
        damages = log.damages()
        if damages:
            return settings, _damaged_file(damages)
        return settings, verify_log(log, node=settings.id, trust=trust, verifier=verifier)
    finally:
        log.close()


def _damaged_file(damages: tuple[str, ...]) -> VerificationReport:
    """The file is broken below its rows: what the rows say would prove nothing."""
    damage = Damage(part="file structure", start=0, end=0, reason=damages[0])
    first = BadPart(where="log file", feed=None, sequence=None, record_id=None, damage=damage)
    return VerificationReport(counts={}, bad=len(damages), first_bad=first)
