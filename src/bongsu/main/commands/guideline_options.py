"""What commands about guideline files share."""

from pathlib import Path

import click

from bongsu.adapters.keys.private_files import read_file
from bongsu.records.guideline import Guideline, read_guideline
from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES
from bongsu.vocabulary.realm import Realm

REALM = click.option(
    "--realm",
    type=click.Choice([realm.value for realm in Realm]),
    default=Realm.EXERCISE.value,
    show_default=True,
)


def read_guideline_file(path: Path, *, realm: Realm) -> Guideline:
    """The guideline in a file; LocalMisuse or PeerViolation where it can't be read as one."""
    return read_guideline(read_file(path, MAXIMUM_GUIDELINE_BYTES), realm=realm)
