"""Tracks of a replay as files in others' formats, each told by its name's ending."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bongsu.adapters.tracks.czml import tracks_czml
from bongsu.adapters.tracks.geojson import tracks_geojson
from bongsu.adapters.tracks.jsonl import tracks_jsonl
from bongsu.adapters.tracks.lines import PictureBook
from bongsu.adapters.tracks.warning_areas_cot import warning_areas_cot
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import UtcNs, after_seconds

Form = Callable[[Sequence[TrackPicture]], bytes]
FORMS: Final[Mapping[str, Form]] = {
    ".jsonl": tracks_jsonl,
    ".geojson": tracks_geojson,
    ".czml": tracks_czml,
    ".cot": warning_areas_cot,
}


class TrackFiles:
    """Gathers pictures at least so many seconds apart, and writes every file at the end."""

    def __init__(self, paths: Sequence[Path], *, every_s: float) -> None:
        """Raises LocalMisuse for a name whose ending is no format."""
        self._forms = [(path, _form_of(path)) for path in paths]
        self._every_s = every_s
        self._book = PictureBook()
        self._due: UtcNs | None = None

    def is_due(self, now: UtcNs) -> bool:
        """Whether a picture of that instant is wanted."""
        return bool(self._forms) and (self._due is None or now >= self._due)

    def add(self, picture: TrackPicture) -> None:
        """Keep a picture."""
        self._due = after_seconds(picture.at, self._every_s)
        self._book.add(picture)

    def write(self) -> None:
        """Write every file, over what was there; raises LocalMisuse where one cannot be written."""
        for path, form in self._forms:
            content = form(self._book.pictures)
            try:
                path.write_bytes(content)
            except OSError as error:
                raise LocalMisuse(
                    f"Cannot write {path}: {error.strerror}",
                    remedy="Name a file in a folder of yours",
                ) from error


def _form_of(path: Path) -> Form:
    form = FORMS.get(path.suffix)
    if form is None:
        raise LocalMisuse(
            f"{path} has no ending that is a format of tracks",
            remedy=f"Give a name that ends in {', '.join(FORMS)}",
        )
    return form
