"""bongsu archive: put old bulk content into a file, let it go from the log, check such a file."""

import datetime
import json
from pathlib import Path

import click
import msgspec

from bongsu.main.archiving import archive_log, compare_archive
from bongsu.main.node_control import CONFIG, JSON, ask
from bongsu.main.settings import NodeSettings, read_settings
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, UtcNs

_PATH = click.Path(path_type=Path)


class LetGoAnswer(msgspec.Struct, frozen=True):
    entries: int


@click.group()
def archive() -> None:
    """Old bulk records (track updates and the like) leave the log; their hashes stay.

    Warnings, guidelines, keys and recalls are never let go. The log verifies as before.
    """


@archive.command(
    epilog="Example: bongsu archive write --config kr/node.toml --before 2026-01-01"
    " --out old.archive"
)
@CONFIG
@click.option("--before", required=True, help="A date in UTC, such as 2026-01-01.")
@click.option("--out", type=_PATH, required=True, help="A new file for the content.")
@click.option("--keep", is_flag=True, help="Only write the file; nothing leaves the log.")
@JSON
def write(config: Path, before: str, out: Path, keep: bool, as_json: bool) -> None:
    """Write content that is older than a date into a file, then let the running node drop it.

    The file is on disk before anything leaves the log. Of our own feeds only what the reader
    has acknowledged goes.
    """
    settings = read_settings(config, NodeSettings)
    instant = _instant(before)
    number, feeds = archive_log(config, settings, out, before=instant)
    gone = 0
    if feeds and not keep:
        body = {"before": instant, "feeds": msgspec.to_builtins(feeds)}
        gone = ask(config, "let_go", LetGoAnswer, **body).entries
    if as_json:
        click.echo(json.dumps({"file": str(out), "archived": number, "let_go": gone}))
        return
    click.echo(f"{settings.realm.banner}: {number:,} entries are in {out}; {gone:,} left the log")


@archive.command(epilog="Example: bongsu archive check old.archive --config kr/node.toml")
@click.argument("file", type=_PATH)
@CONFIG
@JSON
def check(file: Path, config: Path, as_json: bool) -> None:
    """Hold every entry of an archive against the hash that the log kept of it.

    Ends with 1 when something differs. The node may be running or not.
    """
    settings = read_settings(config, NodeSettings)
    agree, differ = compare_archive(config, settings, file)
    if as_json:
        click.echo(json.dumps({"agree": agree, "differ": differ}))
    else:
        click.echo(f"{settings.realm.banner}: {agree:,} entries agree with the log")
        click.echo(f"{differ:,} differ")
    if differ:
        raise SystemExit(1)


def _instant(text: str) -> UtcNs:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise LocalMisuse(f"{text!r} is no date", remedy="Write it as 2026-01-31") from error
    midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    return UtcNs(max(0, int(midnight.timestamp())) * NS_PER_S)
