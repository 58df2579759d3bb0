"""Tracks out as JSON lines: one line a track and picture, in the words of `vocabulary.track`.

Units and frames stand in the names; nothing is rounded. `impact` and `fan` are predicted, never
observed; `status` says whether the track itself is seen or only predicted.
"""

from collections.abc import Sequence

import msgspec

from bongsu.vocabulary.track import TrackPicture


def tracks_jsonl(pictures: Sequence[TrackPicture]) -> bytes:
    """A line for each track of each picture, realm first: what is replayed is an exercise."""
    encoder = msgspec.json.Encoder()
    return b"".join(
        encoder.encode({"realm": "exercise", **msgspec.to_builtins(track)}) + b"\n"
        for picture in pictures
        for track in picture.tracks
    )
