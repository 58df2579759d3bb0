"""The tracks that burn, or did a moment ago, with all their hypotheses, at one instant.

The bank stands beside the track table: a boosted track has its row there like any other, and
its state and covariance are those of the bank. When an engine has been out for long enough
the bank forgets the track, and the row flies on alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.tracking.arrays import Floats, Indices, Mask, Serials
from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS
from bongsu.tracking.boost.mixture import Moments, moments, pruned, share_of
from bongsu.tracking.boost.model import STILL, BoostNoise, moved
from bongsu.tracking.boost.prior import FirstSight
from bongsu.tracking.boost.state import POSITION, Hypotheses
from bongsu.tracking.boost.transitions import with_transitions
from bongsu.tracking.boost.update import PlotModel, seen_or_missed
from bongsu.tracking.infrared.measurement import InfraredView, can_see_burning
from bongsu.tracking.launch.estimation import LaunchState
from bongsu.tracking.launch.reference_place import Reference
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, UtcNs

TRANSITIONS_EVERY_S: Final = 0.9
BURNT_OUT_SHARE: Final = 0.007  # of weight on hypotheses that burn: below it the engine is out
FORGOTTEN_AFTER_S: Final = 30.0  # without thrust
LONGEST_BOOST_S: Final = 900.0
SURELY_BURNING: Final = 0.9  # to state a launch
PROBABLY_BURNING: Final = 0.5  # to go on learning of it
LONGEST_STEP_NS: Final = 5 * NS_PER_S
LONGEST_SILENCE_S: Final = 60.0  # of all sensors, while an engine may burn


@dataclass(slots=True, kw_only=True)
class BoostedTrack:
    """What the bank knows of one track beside its hypotheses."""

    number: int  # in the track table
    reference: Reference
    reference_ns: int
    burnt_out_ns: int | None = None  # first instant at which the engine was believed out
    launch: LaunchState | None = None  # as last known while it surely burned


class BoostBank:
    """Hypotheses of every boosted track, moved and updated together."""

    def __init__(self, noise: BoostNoise) -> None:
        self._noise = noise
        self._bank = Hypotheses.none()
        self._tracks: list[BoostedTrack] = []
        self._at_ns = 0
        self._parted_ns = 0
        self.lost: frozenset[int] = frozenset()  # let go in silence, with an engine that burned

    @property
    def tracks(self) -> Sequence[BoostedTrack]:
        return tuple(self._tracks)

    @property
    def hypotheses(self) -> Hypotheses:
        """All hypotheses, at the bank's instant."""
        return self._bank

    @property
    def numbers(self) -> Serials:
        """Numbers of the tracks (k,), in the order of everything that is given per track."""
        return np.array([track.number for track in self._tracks], dtype=np.int64)

    def found(self, numbers: Serials) -> None:
        """Strike tracks that were seen again off the lost ones."""
        self.lost = self.lost.difference(numbers.tolist())

    def begin(self, number: int, sight: FirstSight, *, reference_ns: int, at_ns: int) -> None:
        """Take in a track whose hypotheses were updated up to the instant at_ns."""
        if not self._tracks:
            self._at_ns = self._parted_ns = at_ns
        late_s = (self._at_ns - at_ns) / NS_PER_S
        fresh = moved(sight.hypotheses, late_s, self._noise) if late_s else sight.hypotheses
        row = np.full(len(fresh), len(self._tracks), dtype=np.intp)
        self._bank = self._bank.joined(replace(fresh, track=row))
        self._tracks.append(
            BoostedTrack(number=number, reference=sight.reference, reference_ns=reference_ns)
        )
        self._remember_launches()

    def move(self, to_ns: int) -> None:
        """Move every hypothesis forward; now and then let engines stop or stages light.

        Raises LocalMisuse where the step is longer than engines are followed unseen.
        """
        if (to_ns - self._at_ns) / NS_PER_S > LONGEST_SILENCE_S + 1e-6 and self._tracks:
            raise LocalMisuse(
                "Engines cannot be followed for so long without a look",
                remedy=f"Move by {LONGEST_SILENCE_S:.0f} s at most, then give the tracks up",
            )
        while self._tracks and to_ns > self._at_ns:
            self._step(min(to_ns, self._at_ns + LONGEST_STEP_NS))
        self._at_ns = max(self._at_ns, to_ns)

    def _step(self, to_ns: int) -> None:
        self._bank = moved(self._bank, (to_ns - self._at_ns) / NS_PER_S, self._noise)
        self._at_ns = to_ns
        elapsed_s = (to_ns - self._parted_ns) / NS_PER_S
        if elapsed_s >= TRANSITIONS_EVERY_S:
            self._bank = with_transitions(self._bank, elapsed_s, self._since_reference_s(to_ns))
            self._parted_ns = to_ns
            self._prune()

    def copy(self) -> "BoostBank":
        """A bank of the same hypotheses, to look ahead with."""
        other = BoostBank(self._noise)
        other.lost, other._bank = self.lost, self._bank
        other._tracks = [replace(track) for track in self._tracks]
        other._at_ns, other._parted_ns = self._at_ns, self._parted_ns
        return other

    def followed_until_ns(self, to_ns: int) -> int:
        """The last instant up to to_ns at which engines are still followed unseen."""
        return min(to_ns, self._at_ns + round(LONGEST_SILENCE_S * NS_PER_S))

    def lose(self) -> None:
        """Give up every track unseen, and remember whose engine may burn."""
        burning = self.burning_share() > BURNT_OUT_SHARE
        self.lost = self.lost | frozenset(self.numbers[burning].tolist())
        self.forget(self.numbers)

    def look(
        self,
        model: PlotModel,
        view: InfraredView | None,
        plot_of_track: Indices,
        plots: Floats,
        *,
        detection_probability: float,
        clutter_density: float,
        since_s: float,
    ) -> None:
        """Take one scan: plot_of_track (k,) indexes plots (m, d), -1 where a track got none.

        Infrared (with its view) sees burning hypotheses only, and silence counts; radar sees
        them all. `since_s` is how long before the bank's instant the scan was.
        """
        if not self._tracks:
            return
        bank = moved(self._bank, -since_s, STILL) if since_s > 0.0 else self._bank
        bank = seen_or_missed(
            bank,
            _visible(bank, view),
            plot_of_track,
            plots,
            model,
            detection_probability,
            clutter_density,
        )
        self._bank = moved(bank, since_s, STILL) if since_s > 0.0 else bank
        self._prune()
        self._mark_burnouts()
        self._remember_launches()

    def moments(self) -> Moments:
        """One Gaussian for each track (k)."""
        return moments(self._bank, self._bank.track, len(self._tracks))

    def burning_share(self) -> Floats:
        """Probability (k,) that each track's engine burns."""
        return share_of(self._bank, self._bank.burning, len(self._tracks))

    def burning_moments(self) -> Moments:
        """One Gaussian for each track (k) of its burning hypotheses alone."""
        group = np.where(self._bank.burning, self._bank.track, -1)
        return moments(self._bank, group, len(self._tracks))

    def profile_weights(self) -> Floats:
        """Probability of each generic profile, (k, profiles)."""
        kinds = len(GENERIC_BOOSTS)
        cell = self._bank.track * kinds + self._bank.profile
        weight = np.bincount(
            cell, np.exp(self._bank.log_weight), minlength=kinds * len(self._tracks)
        )
        return np.asarray(weight, dtype=np.float64).reshape(-1, kinds)

    def spent(self) -> Serials:
        """Numbers of the tracks that have flown without thrust for long enough."""
        share = self.burning_share()
        return np.array(
            [
                track.number
                for track, burning in zip(self._tracks, share.tolist(), strict=True)
                if self._is_spent(track, burning)
            ],
            dtype=np.int64,
        )

    def forget(self, numbers: Serials) -> None:
        """Let go of tracks; unknown numbers are no matter."""
        stay = [row for row, track in enumerate(self._tracks) if track.number not in numbers]
        if len(stay) == len(self._tracks):
            return
        position = np.full(len(self._tracks), -1, dtype=np.intp)
        position[stay] = np.arange(len(stay))
        kept = self._bank.taken(position[self._bank.track] >= 0)
        self._bank = replace(kept, track=position[kept.track])
        self._tracks = [self._tracks[row] for row in stay]

    def _is_spent(self, track: BoostedTrack, burning_share: float) -> bool:
        if (self._at_ns - track.reference_ns) / NS_PER_S > LONGEST_BOOST_S:
            return True
        if track.burnt_out_ns is None or burning_share > BURNT_OUT_SHARE:
            return False
        return (self._at_ns - track.burnt_out_ns) / NS_PER_S > FORGOTTEN_AFTER_S

    def _prune(self) -> None:
        """Prune the bank, and let go of tracks that have no hypothesis left."""
        self._bank = pruned(self._bank, len(self._tracks))
        left = np.bincount(self._bank.track, minlength=len(self._tracks))
        self.forget(self.numbers[left == 0])

    def _mark_burnouts(self) -> None:
        share = self.burning_share()
        for track, burning in zip(self._tracks, share.tolist(), strict=True):
            if burning > BURNT_OUT_SHARE:
                track.burnt_out_ns = None
            elif track.burnt_out_ns is None:
                track.burnt_out_ns = self._at_ns

    def _remember_launches(self) -> None:
        """Keep what each track says of its launch for as long as its engine surely burns."""
        share = self.burning_share()
        if not (share > PROBABLY_BURNING).any():
            return
        moments = self.burning_moments()
        for row, track in enumerate(self._tracks):
            least = SURELY_BURNING if track.launch is None else PROBABLY_BURNING
            if share[row] > least:
                track.launch = LaunchState(
                    state=moments.state[row],
                    covariance=moments.covariance[row],
                    reference=track.reference,
                    reference_at=UtcNs(track.reference_ns),
                )

    def _since_reference_s(self, at_ns: int) -> Floats:
        return np.array([(at_ns - track.reference_ns) / NS_PER_S for track in self._tracks])


def _visible(bank: Hypotheses, view: InfraredView | None) -> Mask:
    if view is None:
        return np.ones(len(bank), dtype=np.bool_)
    position = bank.state[:, POSITION]
    height = height_above_ellipsoid_m(position)
    return np.asarray(bank.burning & can_see_burning(view, position, height))
