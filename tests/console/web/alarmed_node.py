"""A made-up node whose alarms are real ones: the machine, the list, the refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.console.web.made_up_node import MadeUpNode
from tests.node.made_up_world import World, pass_time, play

from bongsu.node.alarms.alarm_list import alarm_list
from bongsu.protocols import alarms
from bongsu.protocols.alarms import Condition
from bongsu.vocabulary.alarm import AlarmKind, Facts, Severity
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, UtcNs

BEGUN = 1_700_000_000 * NS_PER_S


@cache
def quiet_answers() -> dict[str, Any]:
    """What a real node answers to a page at which nothing happens."""
    kept: dict[str, Any] = {}

    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await pass_time(3.0)
        for name in ("warnings", "links", "health", "handover"):
            kept[name] = await korea.node.control.call(name, {})

    play(story)
    return kept


def launch(number: int, *, version: int = 1, left_s: int = 300) -> Condition:
    """A launch warning of ours."""
    about = f"KR-1/W{number:04d}"
    return Condition(
        name=f"warning:{about}",
        kind=AlarmKind.WARNING,
        severity=Severity.CRITICAL,
        source="KR-1",
        about=about,
        facts=Facts(version=version, impact_at=UtcNs(BEGUN + left_s * NS_PER_S)),
        lasting=True,
    )


def trouble(source: str, about: str = "nothing heard") -> Condition:
    """A link's."""
    return Condition(
        name=f"link:{source}:{about}",
        kind=AlarmKind.LINK,
        severity=Severity.SERIOUS,
        source=source,
        about=about,
    )


@dataclass(slots=True)
class AlarmedNode(MadeUpNode):
    """Its time is the test's; what a page did to it stands in `asked`."""

    machine: alarms.Alarms = field(default_factory=alarms.Alarms)
    shift: dict[str, object] | None = None
    elapsed_ns: int = 0

    def __post_init__(self) -> None:
        self.answers.update(quiet_answers())

    @property
    def now(self) -> UtcNs:
        return UtcNs(BEGUN + self.elapsed_ns)

    def stand(self, *conditions: Condition, is_told: bool = True) -> None:
        """These and no others stand from now on; the page is told by the journal, or is not."""
        self.machine, effects = alarms.step(self.machine, alarms.Looked(conditions), now=self.now)
        for effect in effects if is_told else ():
            if not isinstance(effect, alarms.CountLeftOut):
                raised = isinstance(effect, alarms.TellRaised)
                name = effect.alarm.condition.name
                self.news.write("alarm_raised" if raised else "alarm_over", name=name)

    async def ask(self, command: str, body: Mapping[str, object]) -> object:
        commands: Mapping[str, Any] = {
            "alarms": self._listed,
            "alarm_acknowledge": self._acknowledge,
            "alarm_silence": self._silence,
            "shift_change": self._change_shift,
        }
        if command not in commands or self.is_away or command in self.answers:
            return await MadeUpNode.ask(self, command, body)
        self.asked.append((command, dict(body)))
        return commands[command](body)

    def _listed(self, _: Mapping[str, object]) -> object:
        return {
            "node": "KR-1",
            "realm": "exercise",
            "at": self.now,
            "shift": self.shift,
            **alarm_list(self.machine, elapsed=MonotonicNs(self.elapsed_ns)),
        }

    def _acknowledge(self, body: Mapping[str, Any]) -> object:
        found = alarms.require_acknowledgeable(self.machine, body["alarm"], body["version"])
        by = alarms.Acknowledgement(who=body["who"], at=self.now, facts=found.condition.facts)
        event = alarms.Acknowledged(found.condition.name, by)
        self.machine, _ = alarms.step(self.machine, event, now=self.now)
        return self._stored(body)

    def _silence(self, body: Mapping[str, Any]) -> object:
        elapsed = MonotonicNs(self.elapsed_ns)
        silence = alarms.silence(body["who"], body["for_s"], now=self.now, elapsed=elapsed)
        self.machine, _ = alarms.step(self.machine, alarms.Silenced(silence), now=self.now)
        return self._stored(body)

    def _change_shift(self, body: Mapping[str, Any]) -> object:
        if body["action"] not in ("begin", "end"):
            raise LocalMisuse("no such action", remedy="Begin or end")
        is_begun = body["action"] == "begin"
        self.shift = {"who": body["who"], "since": self.now} if is_begun else None
        return self._stored(body)

    def _stored(self, body: Mapping[str, Any]) -> object:
        self.news.write("watch_log", who=body["who"])
        return {"record_id": "ab" * 32, "who": body["who"], "at": self.now}
