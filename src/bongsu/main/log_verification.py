"""Verifying a node's folder: its settings say which log, whose keys and which realm."""

from pathlib import Path

from bongsu.adapters.cryptography_keys import CryptographyVerifier
from bongsu.adapters.key_files import read_trust
from bongsu.adapters.sqlite_log import SqliteLog
from bongsu.main.settings import NodeSettings, beside, read_settings
from bongsu.records.verification import VerificationReport, verify_log
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
    log = SqliteLog(beside(path, settings.log))
    try:
        if (log.node, log.realm) != (settings.id, settings.realm):
            raise LocalMisuse(
                f"the log is of {log.node} ({log.realm.value}), the settings of {settings.id} "
                f"({settings.realm.value})",
                remedy="Name the folder in which settings and log belong together",
            )
        return settings, verify_log(log, node=log.node, trust=trust, verifier=verifier)
    finally:
        log.close()
