"""Every line is one JSON object that says whose it is; nothing stops the node."""

import io
import json
from dataclasses import dataclass

import pytest

from bongsu.adapters.json_journal import JsonJournal
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.track import Phase
from bongsu.vocabulary.units import NodeId


def journal(stream: object, *, realm: Realm = Realm.EXERCISE) -> JsonJournal:
    return JsonJournal(stream, node=NodeId("KR-1"), realm=realm)  # type: ignore[arg-type]


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("realm", Realm)
def test_a_line_says_event_node_realm_and_banner_first(realm: Realm) -> None:
    stream = io.StringIO()
    journal(stream, realm=realm).write("link_fault", partner="US-1", count=3)
    (line,) = lines(stream)
    assert list(line) == ["event", "node", "realm", "banner", "partner", "count"]
    assert (line["event"], line["node"]) == ("link_fault", "KR-1")
    assert (line["realm"], line["banner"]) == (realm.value, realm.name)


def test_no_field_can_pass_for_the_realm_or_the_event() -> None:
    stream = io.StringIO()
    journal(stream).write("x", **{"realm": "live", "banner": "LIVE", "event": "y", "node": "US-1"})
    (line,) = lines(stream)
    assert line == {"event": "x", "node": "KR-1", "realm": "exercise", "banner": "EXERCISE"}


def test_the_vocabularys_own_values_are_written_plainly() -> None:
    stream = io.StringIO()
    place = GeoPoint(latitude_rad=0.5, longitude_rad=2.0)
    journal(stream).write("x", phase=Phase.BOOST, place=place, sensors={"KR-RADAR-1"}, raw=b"\0")
    (line,) = lines(stream)
    assert line["phase"] == "boost"
    assert line["place"] == {"latitude_rad": 0.5, "longitude_rad": 2.0}
    assert line["sensors"] == ["KR-RADAR-1"]
    assert line["raw"] == "AA=="


def test_a_value_that_json_does_not_know_is_described() -> None:
    stream = io.StringIO()
    journal(stream).write("x", error=ValueError("why"), text="one\nline")
    (line,) = lines(stream)
    assert line["error"] == "ValueError('why')"
    assert line["text"] == "one\nline"


@dataclass
class Broken:
    """A stream that fails in one way, for as long as it likes."""

    error: Exception | None
    written: int = 0

    def write(self, text: str, /) -> int:
        if self.error is not None:
            raise self.error
        self.written += 1
        return len(text)

    def flush(self) -> None:
        return None


def test_a_reader_that_went_away_is_not_written_to_again() -> None:
    stream = Broken(BrokenPipeError())
    broken = journal(stream)
    broken.write("x")
    stream.error = None
    broken.write("y")
    assert (stream.written, broken.lost) == (0, 2)


@pytest.mark.parametrize("error", [OSError(28, "full"), ValueError("closed file")])
def test_a_line_that_does_not_fit_is_counted_and_the_next_is_written(error: Exception) -> None:
    stream = Broken(error)
    broken = journal(stream)
    broken.write("x")
    stream.error = None
    broken.write("y", bad="\ud800")
    broken.write("z")
    assert (stream.written, broken.lost) == (1, 2)
