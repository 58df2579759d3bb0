"""bongsu invite: a newcomer joins, once two people have compared a short code by voice."""

import hashlib
import os
from pathlib import Path

import click

from bongsu.adapters.keys.folders import KeyFolders
from bongsu.adapters.keys.invitation_folder import (
    InvitationFolder,
    public_files,
    read_answer,
    read_invitation,
    require_public_part,
    trust_public_part,
    write_answer,
    write_invitation,
)
from bongsu.adapters.system_clock import SystemClock
from bongsu.records.invitation import (
    ANSWER,
    INVITATION,
    NONCE_BYTES,
    Answer,
    Invitation,
    NodeAddress,
    comparison_code,
    open_answer,
    open_invitation,
    require_not_ended,
    require_same_code,
)
from bongsu.records.names import require_nation, require_subject_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NationId, NodeId, UtcNs

DAY_NS = 86_400 * NS_PER_S
_PATH = click.Path(path_type=Path)
_NATION = click.option("--nation", required=True, help="Our own nation.")
_REALM = click.option(
    "--realm",
    type=click.Choice([realm.value for realm in Realm]),
    default=Realm.EXERCISE.value,
    show_default=True,
)
_KEYS = click.option(
    "--keys",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Our own key folder.",
)
_NODES = click.option(
    "--node",
    "nodes",
    multiple=True,
    help="A node of ours and where it listens: KR-1=tls/node.kr.example:17411",
)
_OUT = click.option("--out", type=_PATH, required=True, help="A new file, to be sent.")


@click.group(
    epilog="""\b
In order:
  at KR:  bongsu invite create --nation KR --keys keys/KR --for AU --out to-AU
  at AU:  bongsu invite accept to-AU --nation AU --keys keys/AU --out to-KR
  at KR:  bongsu invite take to-KR --from AU --nation KR --keys keys/KR
  both:   read the code to each other by voice, then type what you HEARD:
          bongsu invite confirm --with AU --nation KR --keys keys/KR
"""
)
def invite() -> None:
    """Let a newcomer join, or join: invitation, answer, a code compared by voice, trust.

    Until both sides have confirmed, nothing is trusted. Files may travel by any means.
    """


@invite.command(
    epilog="Example: bongsu invite create --nation KR --keys keys/KR --for AU"
    " --node KR-1=tls/node.kr.example:17411 --out to-AU"
)
@_NATION
@_KEYS
@_REALM
@click.option("--for", "invitee", required=True, help="The newcomer.")
@_NODES
@click.option("--days", type=click.IntRange(1, 60), default=7, show_default=True)
@_OUT
def create(
    nation: str,
    folder: Path,
    realm: str,
    invitee: str,
    nodes: tuple[str, ...],
    days: int,
    out: Path,
) -> None:
    """Invite a nation: write a file for it, valid for some days and for one use."""
    state = _state(folder, nation, invitee)
    invitation = Invitation(
        realm=Realm(realm),
        inviter=state.folders.nation,
        invitee=state.other,
        nonce=os.urandom(NONCE_BYTES),
        expires_at=UtcNs(_now() + days * DAY_NS),
        public=public_files(state.folders, realm=Realm(realm)),
        nodes=_addresses(state.folders.nation, nodes),
    )
    data = INVITATION.encode(invitation)
    state.keep_invitation(data)
    write_invitation(out, data)
    click.echo(f"{Realm(realm).banner}: send {out} to {state.other}; it ends in {days} days")


@invite.command(epilog="Example: bongsu invite accept to-AU --nation AU --keys keys/AU --out to-KR")
@click.argument("file", type=_PATH)
@_NATION
@_KEYS
@_REALM
@_NODES
@_OUT
def accept(
    file: Path, nation: str, folder: Path, realm: str, nodes: tuple[str, ...], out: Path
) -> None:
    """Answer an invitation: write a file for the nation that sent it, and show the code."""
    data = read_invitation(file)
    own = require_nation(nation)
    invitation = open_invitation(data, realm=Realm(realm), invitee=own, now=_now())
    require_public_part(invitation.public, of=invitation.inviter, realm=Realm(realm))
    state = _state(folder, nation, invitation.inviter)
    answer = ANSWER.encode(
        Answer(
            realm=Realm(realm),
            invitation_sha256=hashlib.sha256(data).digest(),
            nonce=os.urandom(NONCE_BYTES),
            public=public_files(state.folders, realm=Realm(realm)),
            nodes=_addresses(own, nodes),
        )
    )
    state.keep_invitation(data)
    state.keep_answer(answer)
    write_answer(out, answer)
    click.echo(f"{Realm(realm).banner}: send {out} to {state.other}")
    _show_code(state.other, data, answer)


@invite.command(epilog="Example: bongsu invite take to-KR --from AU --nation KR --keys keys/KR")
@click.argument("file", type=_PATH)
@click.option("--from", "other", required=True, help="The newcomer.")
@_NATION
@_KEYS
@_REALM
def take(file: Path, other: str, nation: str, folder: Path, realm: str) -> None:
    """Take the newcomer's answer to our invitation, and show the code. Trusts nothing yet."""
    state = _state(folder, nation, other)
    data = state.invitation()
    require_not_ended(INVITATION.decode(data), now=_now())
    answer = read_answer(file)
    opened = open_answer(answer, realm=Realm(realm), invitation=data)
    require_public_part(opened.public, of=state.other, realm=Realm(realm))
    state.keep_answer(answer)
    _show_code(state.other, data, answer)


@invite.command(
    epilog="Example: bongsu invite confirm --with AU --nation KR --keys keys/KR"
    ' --code "1234 5678 9012 3456 7890 1234"'
)
@click.option("--with", "other", required=True, help="The other nation.")
@_NATION
@_KEYS
@_REALM
@click.option("--code", help="The code as the other side read it to you; else you are asked.")
def confirm(other: str, nation: str, folder: Path, realm: str, code: str | None) -> None:
    """Trust the other nation, once you typed the code that you HEARD from it.

    Never copy the code from your own screen: that compares nothing.
    """
    state = _state(folder, nation, other)
    data, answer = state.invitation(), state.answer()
    invitation = INVITATION.decode(data)
    opened = open_answer(answer, realm=Realm(realm), invitation=data)
    require_not_ended(invitation, now=_now())
    heard = code if code is not None else click.prompt(f"The code as {state.other} reads it to you")
    require_same_code(heard, data, answer)
    is_inviter = invitation.inviter == state.folders.nation
    theirs = opened if is_inviter else invitation
    trust_public_part(state.folders, theirs.public, realm=Realm(realm))
    state.close()
    click.echo(f"{Realm(realm).banner}: {state.folders.nation} now believes the root of {other}")
    _show_partners(theirs.nodes)


def _state(folder: Path, nation: str, other: str) -> InvitationFolder:
    own = require_nation(nation)
    if require_nation(other) == own:
        raise LocalMisuse(f"{own} can't invite itself", remedy="Name the other nation")
    folders = KeyFolders(folder=folder, nation=own)
    return InvitationFolder(folders=folders, other=NationId(other))


def _addresses(nation: NationId, nodes: tuple[str, ...]) -> tuple[NodeAddress, ...]:
    found: list[NodeAddress] = []
    for text in nodes:
        name, _, endpoint = text.partition("=")
        node = NodeId(require_subject_of(nation, name))
        if not endpoint.startswith(("tls/", "quic/", "tcp/")):
            raise LocalMisuse(
                f"{text!r} is no node with its endpoint",
                remedy=f"Write it as {nation}-1=tls/HOST:PORT",
            )
        found.append(NodeAddress(node=node, endpoint=endpoint))
    return tuple(found)


def _show_code(other: NationId, invitation: bytes, answer: bytes) -> None:
    click.echo(f"Read this to {other} by voice, and let it read its own to you:")
    click.echo(f"    {comparison_code(invitation, answer)}")
    click.echo("Type what you heard with: bongsu invite confirm")


def _show_partners(nodes: tuple[NodeAddress, ...]) -> None:
    click.echo("For the node's file; then start the node again:")
    for address in nodes:
        click.echo(f'    [[partners]]\n    id = "{address.node}"')
        click.echo(f'    connect = ["{address.endpoint}"]   # on one side of the link only')
    if not nodes:
        click.echo("    (the other nation named no node: ask for its names and endpoints)")


def _now() -> UtcNs:
    return SystemClock().system_utc()
