"""Who may bring, get and subscribe to what on our links: denied, unless it stands here.

Granted by the common name of the link's certificate. A neighbour brings only what it sends
itself or carries for others; it gets only what is for it or for those that it carries for.
"""

from bongsu.adapters.engines.zenoh_keys import pattern
from bongsu.adapters.engines.zenoh_settings import Neighbour, ZenohSettings
from bongsu.records.lane import Lane

Values = dict[str, object]


def access_control(settings: ZenohSettings) -> Values:
    """The `access_control` part of every session's configuration."""
    rules: list[Values] = []
    policies: list[Values] = []
    for neighbour in settings.neighbours:
        own_rules = _rules(settings, neighbour)
        rules += own_rules
        policies.append({"rules": [rule["id"] for rule in own_rules], "subjects": [neighbour.node]})
    return {
        "enabled": True,
        "default_permission": "deny",
        "rules": rules,
        "subjects": [
            {"id": neighbour.node, "cert_common_names": [neighbour.node]}
            for neighbour in settings.neighbours
        ],
        "policies": policies,
    }


def _rules(settings: ZenohSettings, neighbour: Neighbour) -> list[Values]:
    name = neighbour.node
    brings, ours = _ours(settings, neighbour)
    its = _its(settings, neighbour)
    return [
        _rule(f"brings-{name}", "put", "ingress", brings),
        _rule(f"gets-{name}", "put", "egress", its),
        _rule(f"wants-{name}", "declare_subscriber", "ingress", its),
        _rule(f"told-{name}", "declare_subscriber", "egress", ours),
    ]


def _ours(settings: ZenohSettings, neighbour: Neighbour) -> tuple[list[str], list[str]]:
    """What it may bring to us, and what we may say that we want of it."""
    senders = sorted(neighbour.leads_to)
    brings = [
        pattern(settings.prefix, lane.value, settings.node, sender)
        for lane in Lane
        for sender in senders
    ]
    wants = [pattern(settings.prefix, lane.value, settings.node) for lane in Lane]
    if neighbour.is_called:
        readers = direct_readers(settings, neighbour)
        brings += [
            pattern(settings.prefix, Lane.URGENT.value, neighbour.node, sender, reader)
            for sender in senders
            for reader in readers
        ]
        wants += [
            pattern(settings.prefix, Lane.URGENT.value, neighbour.node, "*", reader)
            for reader in readers
        ]
    return brings, wants


def _its(settings: ZenohSettings, neighbour: Neighbour) -> list[str]:
    """What it may get of us."""
    its = [pattern(settings.prefix, lane.value, neighbour.node) for lane in Lane]
    if not neighbour.is_called:
        its += [
            pattern(settings.prefix, Lane.URGENT.value, settings.node, "*", reader)
            for reader in sorted(neighbour.leads_to)
        ]
    return its


def direct_readers(settings: ZenohSettings, relay: Neighbour) -> list[str]:
    """Whose urgent messages we take from a relay that we call, although it is the next node."""
    others = (one for one in settings.neighbours if one.node != relay.node)
    return [settings.node, *settings.beyond(others)]


def _rule(name: str, message: str, flow: str, key_expressions: list[str]) -> Values:
    return {
        "id": name,
        "messages": [message],
        "flows": [flow],
        "permission": "allow",
        "key_exprs": key_expressions,
    }
