"""What of a node's health somebody has to look at, in words, the gravest first."""

from collections.abc import Iterator

from bongsu.console.answers.disk import DiskSeen
from bongsu.console.answers.health import HealthSeen
from bongsu.console.answers.links import LinksSeen
from bongsu.console.languages import Language, say, translated


def troubles(language: Language, health: HealthSeen, links: LinksSeen, disk: DiskSeen) -> list[str]:
    """Nothing where all is well: our clock, links, sensors, the disk."""
    found: list[str] = []
    if health.sensors.clock is not None:
        words = translated(language, "clocks", health.sensors.clock.words)
        found.append(say(language, "health.clock_bad", words=words))
    found += [
        f"{link.partner}: {translated(language, 'faults', trouble)}"
        for link in links.links
        for trouble in link.troubles
    ]
    found += [
        f"{name}: {words}"
        for name, words, is_well in sensor_states(language, health)
        if not is_well
    ]
    if disk.low:
        found.append(say(language, "health.low"))
    return found


def sensor_states(language: Language, health: HealthSeen) -> Iterator[tuple[str, str, bool]]:
    """Every sensor that the tracker spoke of: its name, how it is, whether that is well."""
    seen = health.sensors
    biases = {bias.sensor: bias for bias in seen.biases}
    for name in sorted({*seen.known_sensors, *seen.silent_sensors, *seen.off_time_sensors}):
        bias = biases.get(name)
        if name in seen.silent_sensors:
            yield name, say(language, "health.silent"), False
        elif name in seen.off_time_sensors:
            yield name, say(language, "health.off_time"), False
        elif bias is not None and bias.suspicion is not None:
            yield name, say(language, "health.suspected", words=bias.suspicion), False
        else:
            words = say(language, "health.heard")
            if bias is not None and bias.taken_out:
                words = f"{words}; {say(language, 'health.bias_out')}"
            yield name, words, True
