"""From plots to tracks, and from tracks to launch and impact.

What others may lean on is named here; it needs no node, no key and no network, and no package
but NumPy and msgspec:

- `sensor_site` describes a sensor, `plot_batch` makes a batch of an array of plots;
- `Tracker` takes batches and gives a `TrackPicture` at any instant;
- a `Track` holds the state with its covariance, and what can be said of launch and impact;
- `launch_kind` says of its classes whether it is a missile, a satellite launcher or undetermined.

Inside everything is SI and radians; positions and velocities are Earth-fixed (ECEF, WGS 84),
instants are nanoseconds since 1970-01-01T00:00:00Z. Nothing here reads a clock or draws a random
number: the same batches give the same tracks.

`LocalMisuse` is raised where a call is wrong, and says how to mend it. Whatever a sensor sends
raises nothing: what cannot be used is refused and counted by `Refusal`, see `Tracker.refused`.
"""

from bongsu.tracking.array_plots import plot_batch, sensor_site
from bongsu.tracking.intake.door import Refusal
from bongsu.tracking.settings import TrackerSettings
from bongsu.tracking.tracker import ConfirmedTracks, Tracker
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Ellipse,
    Fan,
    Flight,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
    ObjectClass,
)
from bongsu.vocabulary.launch_kind import LaunchKind, launch_kind
from bongsu.vocabulary.plot import Platform, PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.track import Phase, Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, UtcNs

__all__ = [
    "ClassProbability",
    "ConfirmedTracks",
    "Ellipse",
    "Fan",
    "Flight",
    "GeoPoint",
    "ImpactEstimate",
    "LaunchEstimate",
    "LaunchKind",
    "LocalMisuse",
    "NationId",
    "NodeId",
    "ObjectClass",
    "Phase",
    "Platform",
    "PlotBatch",
    "Realm",
    "Refusal",
    "SensorKind",
    "SensorSite",
    "Track",
    "TrackPicture",
    "TrackStatus",
    "Tracker",
    "TrackerSettings",
    "UtcNs",
    "launch_kind",
    "plot_batch",
    "sensor_site",
]
