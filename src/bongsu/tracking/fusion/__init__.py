"""Tracks of several nations put side by side, and together, without counting anything twice.

- `shared_picture` takes every nation's tracks (`whole_track` makes a `SeenTrack` of one of ours)
  and gives them back object by object, with what they say together and why some do not;
- `added`, `intersected`, `tracklet` and `with_tracklet` are the arithmetic, for whoever knows
  more of what stands behind the estimates than their sensors' names; `aligned` moves them to one
  instant first.
"""

from bongsu.tracking.fusion.alignment import aligned
from bongsu.tracking.fusion.combination import (
    Tracklet,
    added,
    intersected,
    tracklet,
    with_tracklet,
)
from bongsu.tracking.fusion.estimate import Estimate, estimate_of
from bongsu.tracking.fusion.shared_picture import shared_picture
from bongsu.vocabulary.seen_track import FusedEstimate, SeenTrack, SharedObject, whole_track

__all__ = [
    "Estimate",
    "FusedEstimate",
    "SeenTrack",
    "SharedObject",
    "Tracklet",
    "added",
    "aligned",
    "estimate_of",
    "intersected",
    "shared_picture",
    "tracklet",
    "whole_track",
    "with_tracklet",
]
