"""What an operator may set of a tracker; every default was chosen by measurement or physics."""

from dataclasses import dataclass
from math import isfinite, log

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSettings:
    """Settings of one tracker; see docs/decisions/0005-association.md for the figures."""

    realm: Realm = Realm.EXERCISE  # a live tracker says so; the other realm's plots are refused

    expected_new_objects_per_scan: float = 0.1
    confirmation_probability: float = 0.9  # of existence
    confirmation_plots: int = 3  # at least so many, however well they fit
    sigma_first_velocity_mps: float = 3_000.0  # per axis, after a first plot
    acceleration_noise_m2ps3: float = 1e-6  # in free flight: what gravity with J2 leaves out

    observed_within_scans: float = 2.5  # after that a track is predicted, not observed
    hypothesis_lifetime_scans: float = 3.5  # unseen, before it is confirmed
    maximum_coast_s: float = 180.0  # unseen, after it was confirmed
    maximum_sigma_position_m: float = 100e3

    maximum_lateness_s: float = 10.0  # behind the newest batch: still used
    maximum_age_s: float = 60.0  # behind our own clock
    future_tolerance_s: float = 0.25  # ahead of our own clock

    maximum_tracks: int = 5_000
    maximum_lone_plots_per_sensor: int = 10_000
    maximum_plots_per_batch: int = 200_000
    maximum_batches_per_scan: int = 64  # of a sensor that sends its scan in sectors
    maximum_quarantined_batches: int = 64
    first_track_number: int = 1  # a restarted tracker goes on where it stopped

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, float | int) and not (isfinite(value) and value > 0):
                raise LocalMisuse(
                    f"The tracker setting {name} is {value}", remedy="Give a positive number."
                )
        if self.confirmation_probability >= 1.0:
            raise LocalMisuse(
                f"The confirmation probability is {self.confirmation_probability}",
                remedy="Give a probability below 1: nothing is ever certain.",
            )

    @property
    def confirmation_log_odds(self) -> float:
        probability = self.confirmation_probability
        return log(probability / (1.0 - probability))
