"""What our trackers say of their sensors, and of our own clock: told once as it changes, and kept.

A part of the node's health: whoever asks how the node is, gets it with the rest.
"""

from collections.abc import Mapping
from typing import Any

from bongsu.node.services import Services
from bongsu.vocabulary.clock_doubt import ClockSuspicion
from bongsu.vocabulary.sensor_bias import SensorBias
from bongsu.vocabulary.track import TrackPicture, TrackStatus
from bongsu.vocabulary.units import SensorId


class SensorHealth:
    """Lives on the node's loop; as large as the trackers' lists of sensors."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._seeing: set[SensorId] = set()
        self._silent: frozenset[SensorId] = frozenset()
        self._off_time: frozenset[SensorId] = frozenset()
        self._clock: ClockSuspicion | None = None
        self._biases: Mapping[SensorId, SensorBias] = {}
        self._quarantined = 0
        self._refused = 0

    def take(self, picture: TrackPicture) -> None:
        """Journal what is new in a picture of our own tracker."""
        self._notice_first_plots(picture)
        self._notice_silence(frozenset(picture.silent_sensors))
        self._notice_times(picture)
        self._notice_biases({bias.sensor_id: bias for bias in picture.biases})
        self._quarantined, self._refused = picture.quarantined_plots, picture.refused_plots

    @property
    def silent(self) -> frozenset[SensorId]:
        """Whose plots a tracker waits for in vain."""
        return self._silent

    @property
    def off_time(self) -> frozenset[SensorId]:
        """Whose times are alone."""
        return self._off_time

    @property
    def clock(self) -> ClockSuspicion | None:
        """What speaks against our own clock."""
        return self._clock

    def as_seen(self) -> dict[str, Any]:
        """What a person is told: plain values. `clock` is None while nothing speaks against it."""
        clock = self._clock
        return {
            "clock": None if clock is None else _plain(clock),
            "known_sensors": sorted({*self._seeing, *self._silent, *self._off_time, *self._biases}),
            "off_time_sensors": sorted(self._off_time),
            "silent_sensors": sorted(self._silent),
            "biases": [_plain_bias(bias) for bias in self._biases.values()],
            "quarantined_plots": self._quarantined,
            "refused_plots": self._refused,
        }

    def _notice_first_plots(self, picture: TrackPicture) -> None:
        """Each sensor's first plot of a confirmed track."""
        for track in picture.tracks:
            if track.status is TrackStatus.TENTATIVE:
                continue
            for sensor_id in sorted(set(track.sensors) - self._seeing):
                alone = len(track.sensors) == 1
                self._journal(
                    "first_plot",
                    sensor=sensor_id,
                    observed_at=track.first_observed_at if alone else track.last_observed_at,
                )
            self._seeing |= set(track.sensors)

    def _notice_silence(self, silent: frozenset[SensorId]) -> None:
        for sensor_id in sorted(silent - self._silent):
            self._journal("sensor_silent", sensor=sensor_id)
        for sensor_id in sorted(self._silent - silent):
            self._journal("sensor_heard_again", sensor=sensor_id)
        self._silent = silent

    def _notice_times(self, picture: TrackPicture) -> None:
        """Whose time is in doubt: a sensor's that is alone with it, or our own."""
        off_time = frozenset(picture.off_time_sensors)
        for sensor_id in sorted(off_time - self._off_time):
            self._journal("sensor_off_time", sensor=sensor_id)
        for sensor_id in sorted(self._off_time - off_time):
            self._journal("sensor_no_longer_off_time", sensor=sensor_id)
        self._off_time = off_time
        before, self._clock = self._clock, picture.clock
        if self._clock is None:
            if before is not None:
                self._journal("clock_no_longer_suspected")
        elif before is None or _who(before) != _who(self._clock):
            self._journal("clock_suspected", **_plain(self._clock))

    def _notice_biases(self, biases: Mapping[SensorId, SensorBias]) -> None:
        """Offsets that are taken out from now on, or no longer; sensors under suspicion."""
        before, self._biases = self._biases, biases
        for sensor_id in sorted(biases.keys() | before.keys()):
            old, new = before.get(sensor_id), biases.get(sensor_id)
            was_out, is_out = bool(old and old.taken_out), bool(new and new.taken_out)
            if new is not None and is_out and not was_out:
                self._journal("sensor_bias_taken_out", **_plain_bias(new))
            elif was_out and not is_out:
                self._journal("sensor_bias_left_in", sensor=sensor_id)
            doubted, doubt = old and old.suspicion, new and new.suspicion
            if doubt and doubt != doubted:
                self._journal("sensor_suspected", sensor=sensor_id, words=doubt)
            elif doubted and not doubt:
                self._journal("sensor_no_longer_suspected", sensor=sensor_id)

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)


def _who(clock: ClockSuspicion) -> tuple[tuple[SensorId, ...], bool, bool]:
    """What makes a suspicion another one: its figure wavers with every batch."""
    return clock.sensors, clock.followed, clock.slow_s > 0.0


def _plain_bias(bias: SensorBias) -> dict[str, Any]:
    return {
        "sensor": bias.sensor_id,
        "kind": bias.kind.value,
        "offsets": list(bias.offsets),
        "sigmas": list(bias.sigmas),
        "correction": list(bias.correction),
        "taken_out": bias.taken_out,
        "suspicion": bias.suspicion,
    }


def _plain(clock: ClockSuspicion) -> dict[str, Any]:
    return {
        "sensors": list(clock.sensors),
        "slow_s": clock.slow_s,
        "followed": clock.followed,
        "words": clock.in_words,
    }
