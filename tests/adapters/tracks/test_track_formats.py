"""Tracks in others' formats, read back by others: czml3, shapely, takproto, the JSON of Python."""

import builtins
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import czml3
import numpy as np
import pytest
import shapely
import takproto
from tests.adapters.made_up_pictures import a_track, picture_of, pictures, with_fan, with_impact

from bongsu.adapters.tracks import lines as track_lines
from bongsu.adapters.tracks.czml import tracks_czml
from bongsu.adapters.tracks.geojson import tracks_geojson
from bongsu.adapters.tracks.jsonl import tracks_jsonl
from bongsu.adapters.tracks.lines import PictureBook
from bongsu.adapters.tracks.warning_areas_cot import warning_areas_cot
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.track import TrackPicture, TrackStatus


def geojson(*tracks: Any) -> list[dict[str, Any]]:
    told = json.loads(tracks_geojson([picture_of(*tracks)]))
    assert told["type"] == "FeatureCollection"
    features: list[dict[str, Any]] = told["features"]
    return features


def test_json_lines_say_everything_of_every_track_of_every_picture() -> None:
    lines = [json.loads(line) for line in tracks_jsonl(pictures()).splitlines()]
    assert len(lines) == sum(len(picture.tracks) for picture in pictures())
    last, track = lines[-1], pictures()[-1].tracks[-1]
    assert last["realm"] == "exercise"
    assert last["track_id"] == track.track_id
    assert tuple(last["position_ecef_m"]) == track.position_ecef_m
    assert tuple(last["covariance"]) == track.covariance
    assert last["status"] == track.status.value
    assert track.impact is not None
    assert last["impact"]["point"]["latitude_rad"] == track.impact.point.latitude_rad


def test_geojson_has_a_path_and_a_predicted_area_for_each_track() -> None:
    features = json.loads(tracks_geojson(pictures()))["features"]
    kinds = [feature["properties"]["kind"] for feature in features]
    assert kinds.count("path") == 4
    assert kinds.count("impact area, predicted") == 4
    for feature in features:
        assert feature["properties"]["realm"] == "exercise"
        assert shapely.from_geojson(json.dumps(feature["geometry"])).is_valid
    path = shapely.from_geojson(json.dumps(features[0]["geometry"]))
    assert path.has_z
    states = [track for picture in pictures() for track in picture.tracks]
    first = features[0]["properties"]["track_id"]
    assert len(path.coords) == sum(track.track_id == first for track in states)


def test_geojson_of_an_area_across_the_antimeridian_stays_there() -> None:
    features = geojson(with_impact(np.pi))
    (area,) = [one for one in features if one["properties"]["kind"] == "impact area, predicted"]
    shape = shapely.from_geojson(json.dumps(area["geometry"]))
    assert shape.is_valid
    assert area["geometry"]["type"] == "MultiPolygon"
    assert shape.area < 1.0  # square degrees: not a band round the world
    assert area["properties"]["probability"] == 0.95


def test_geojson_of_a_fan_says_that_it_is_possible_and_predicted() -> None:
    kinds = [feature["properties"]["kind"] for feature in geojson(with_fan())]
    assert kinds == ["path", "possible area, predicted"]


def test_no_format_states_an_impact_as_a_point() -> None:
    for feature in geojson(with_impact(2.0)):
        if feature["properties"]["kind"] != "path":
            assert feature["geometry"]["type"] == "Polygon"


def test_czml_reads_back_with_the_positions_that_went_in(tmp_path: Path) -> None:
    path = tmp_path / "tracks.czml"
    path.write_bytes(tracks_czml(pictures()))
    packets = {packet.id: packet for packet in czml3.Document.load(path).packets}
    track = pictures()[-1].tracks[0]
    position = packets[track.track_id].position
    assert isinstance(position, czml3.Position)
    values: Any = position.cartesian
    samples = np.reshape(getattr(values, "values", values), (-1, 4))
    assert samples[-1, 1:] == pytest.approx(track.position_ecef_m, abs=1e-3)
    assert (np.diff(samples[:, 0]) > 0.0).all()
    area = packets[f"{track.track_id}/area"]
    assert "predicted" in str(area.name)
    assert str(area.name).startswith("EXERCISE")
    assert area.polygon is not None


def test_czml_of_a_fan_and_of_nothing_are_sound(tmp_path: Path) -> None:
    for told in ([picture_of(with_fan())], [picture_of()], []):
        path = tmp_path / "tracks.czml"
        path.write_bytes(tracks_czml(told))
        assert czml3.Document.load(path).packets[0].id == "document"


def events(content: bytes) -> list[Any]:
    """TAK messages one after another: a magic byte, a length, the message."""
    found, at = [], 0
    while at < len(content):
        assert content[at] == 0xBF
        size, shift, start = 0, 0, at + 1
        while True:
            size |= (content[start] & 0x7F) << shift
            shift, start = shift + 7, start + 1
            if content[start - 1] < 0x80:
                break
        found.append(takproto.parse_stream(content[at : start + size]).cotEvent)
        at = start + size
    return found


def corners(event: Any) -> list[tuple[float, float]]:
    parts = event.detail.xmlDetail.split('point="')[1:]
    pairs = (part.split('"')[0].split(",") for part in parts)
    return [(float(longitude), float(latitude)) for latitude, longitude in pairs]


def test_cot_holds_a_closed_area_with_the_time_at_which_it_is_stale() -> None:
    track = with_impact(2.0)
    (event,) = events(warning_areas_cot([picture_of(track)]))
    assert track.impact is not None
    assert event.type == "u-d-f"
    assert event.opex.startswith("e-")
    assert event.detail.contact.callsign == "EXERCISE predicted impact area"
    assert event.staleTime == track.impact.at // 1_000_000 + 6_000
    assert event.startTime == track.at // 1_000_000
    places = corners(event)
    assert places[0] == places[-1]
    shape = shapely.Polygon(places)
    assert shape.is_valid
    assert shape.contains(shapely.Point(np.degrees(2.0), np.degrees(0.6)))
    assert event.ce >= 49e3


def test_cot_never_holds_a_track_an_object_or_a_launch() -> None:
    quiet = replace(a_track(), impact=None, fan=None)
    gone = replace(with_impact(2.0), status=TrackStatus.DROPPED)
    assert warning_areas_cot([picture_of(quiet, gone)]) == b""
    told = events(warning_areas_cot(pictures())) + events(
        warning_areas_cot([picture_of(with_impact(2.0), with_fan())])
    )
    assert len(told) == 6
    for event in told:
        assert event.type == "u-d-f"
        assert not event.detail.HasField("track")
        assert event.hae == 9_999_999.0
        assert event.detail.xmlDetail.count("<link") > 40
        assert "Warning only" in event.detail.xmlDetail


def test_cot_near_the_antimeridian_has_its_middle_inside() -> None:
    for longitude in (np.pi - 1e-3, -np.pi + 1e-3):
        (event,) = events(warning_areas_cot([picture_of(with_impact(longitude))]))
        assert abs(event.lon) > 179.8
        assert event.ce == pytest.approx(50e3, rel=0.05)


@pytest.mark.parametrize(
    ("write", "package", "extra"),
    [(tracks_czml, "czml3", "czml"), (warning_areas_cot, "takproto", "cot")],
)
def test_a_package_that_is_not_there_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[Sequence[TrackPicture]], bytes],
    package: str,
    extra: str,
) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(LocalMisuse, match=rf"pip install 'bongsu\[{extra}\]'"):
        write(pictures())


def test_more_states_than_a_file_may_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track_lines, "MAXIMUM_STATES", 3)
    book = PictureBook()
    book.add(picture_of(a_track(), a_track(), a_track()))
    with pytest.raises(LocalMisuse, match="--every"):
        book.add(picture_of(a_track()))
    assert BytesIO(tracks_jsonl(book.pictures)).read().count(b"\n") == 3
