"""A made-up guideline between KR and US, and a short way to bring one into force."""

from bongsu.records.guideline import AgreedGuideline, read_guideline
from bongsu.vocabulary.realm import Realm

RULE = """
[[rules]]
name = "{name}"
kind = "{kind}"
originators = ["{originator}"]
readers = ["{reader}"]
withhold = [{withhold}]
delay_s = {delay_s}
onward = {onward}
"""


def rule(
    originator: str,
    reader: str,
    *,
    kind: str = "launch_warning",
    withhold: str = "",
    delay_s: int = 0,
    onward: bool = False,
    name: str = "",
) -> str:
    return RULE.format(
        name=name or f"{kind} of {originator} to {reader}",
        kind=kind,
        originator=originator,
        reader=reader,
        withhold=withhold,
        delay_s=delay_s,
        onward=str(onward).lower(),
    )


def guideline_text(
    realm: Realm = Realm.EXERCISE,
    *,
    parties: str = '"KR", "US"',
    fields: str = 'launch_warning = ["warning_id", "launch", "sensors"]',
    rules: str | None = None,
    valid_from: str = "2022-01-01T00:00:00Z",
    name: str = "MADE-UP",
    version: int = 3,
    contracts: str = "",
) -> bytes:
    rules = rule("KR", "US") if rules is None else rules
    return (
        f'id = "{name}"\nversion = {version}\nrealm = "{realm.value}"\nparties = [{parties}]\n'
        f"valid_from = {valid_from}\n[fields]\n{fields}\n{rules}{contracts}"
    ).encode()


def in_force(text: bytes, realm: Realm = Realm.EXERCISE) -> AgreedGuideline:
    """As if every party had signed."""
    return AgreedGuideline(guideline=read_guideline(text, realm=realm), officers=())
