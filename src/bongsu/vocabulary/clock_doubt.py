"""What sensors' times say of our own clock, and what that makes of theirs."""

from dataclasses import dataclass

from bongsu.vocabulary.units import SensorId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSuspicion:
    """Sensors, two at least, whose times agree with each other and not with our clock.

    `slow_s`: by how much our clock is behind theirs; negative where it would be ahead of them.
    `followed`: their plots are used, by the time that they agree on; else they are kept out.
    """

    sensors: tuple[SensorId, ...]
    slow_s: float
    followed: bool

    @property
    def in_words(self) -> str:
        """One sentence for people, with what to do."""
        named = ", ".join(self.sensors)
        if self.slow_s < 0.0:
            return (
                f"our own clock is under suspicion: {named} agree that it is {-self.slow_s:.1f} s"
                " fast, or their lines are all that slow; their plots are refused as too old:"
                " compare this machine's clock with another source"
            )
        used = "are used by their time" if self.followed else "are quarantined"
        return (
            f"our own clock is under suspicion: {named} agree that it is {self.slow_s:.1f} s"
            f" slow; their plots {used}: compare this machine's clock with another source"
        )
