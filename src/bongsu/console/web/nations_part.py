"""National views side by side: a table a threat, a column a nation, and what is made of all here.

Nothing is averaged and nothing left blank: what is withheld says by whom. Where two differ, and
which sensors they share, is the node's finding; here it is put into words.
"""

from collections.abc import Iterable
from typing import Final

from bongsu.console.answers.tracks import FusedSeen, ObjectSeen, TrackSeen
from bongsu.console.answers.warnings import OpenThreats, Threat
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, say
from bongsu.console.safe_text import safe_text
from bongsu.console.words import WarningWords, warning_words
from bongsu.records.names import nation_of
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NodeId, UtcNs

# Each row: the field that may be withheld, and what is said of it.
ROWS: Final = (
    ("warning", "action"),
    ("class", "classification"),
    ("launch", "launch"),
    ("impact", "impact"),
    ("confirmation", "confirmation"),
    ("sensors", "sensors"),
    ("data", "data_at"),
)
NONE: Final = "-"


def nations_part(seen: OpenThreats, objects: tuple[ObjectSeen, ...], language: Language) -> Html:
    """Every threat with each nation's words, the one with the least time left first."""
    if not seen.threats:
        return element("p", say(language, "nations.none"), class_="small")
    return joined(
        _threat(number, threat, seen, _object_of(threat, objects), language)
        for number, threat in enumerate(seen.by_urgency, start=1)
    )


def _threat(
    number: int, threat: Threat, seen: OpenThreats, known: ObjectSeen | None, language: Language
) -> Html:
    views = _views(threat, seen.node)
    names = [
        say(language, "nations.own", node=node) if node == seen.node else safe_text(node)
        for node, _ in views
    ]
    head = [element("td", ""), *(element("th", name, scope="col") for name in names)]
    head.append(element("th", say(language, "nations.fused"), scope="col"))
    rows = [_row(name, field, views, seen.at, language) for name, field in ROWS]
    return element(
        "section",
        element(
            "table",
            element("caption", say(language, "nations.caption", number=number)),
            element("thead", element("tr", *head)),
            element("tbody", *rows, _tracks(views, known, language)),
        ),
        element("ul", *_findings(threat, known, language)),
        class_="nations",
    )


def _views(threat: Threat, me: str) -> list[tuple[str, SeenWarning]]:
    own = [] if threat.own is None else [(me, threat.own)]
    return [*own, *((one.node, one.warning) for one in threat.partners)]


def _row(
    name: str,
    field: str,
    views: Iterable[tuple[str, SeenWarning]],
    at: UtcNs,
    language: Language,
) -> Html:
    cells = (element("td", _cell(name, field, node, said, at, language)) for node, said in views)
    title = element("th", say(language, f"nations.row.{name}"), scope="row")
    return element("tr", title, *cells, element("td", NONE))


def _cell(
    name: str, field: str, node: str, said: SeenWarning, at: UtcNs, language: Language
) -> str:
    closed = field == "launch" and said.launch_cell_20km is not None
    if said.is_withheld(field) and not closed:
        return say(language, "nations.withheld", nation=nation_of(NodeId(node)))
    if name == "sensors":
        return ", ".join(map(safe_text, said.sensors or ())) or NONE
    return _words(name, warning_words(said, now=at, language=language))


def _words(name: str, words: WarningWords) -> str:
    if name == "impact":
        return "; ".join(filter(None, (words.impact, words.time_left)))
    return {
        "warning": words.title,
        "class": words.object_class,
        "launch": words.launch,
        "confirmation": words.confirmation,
        "data": words.data_age,
    }[name]


def _tracks(
    views: Iterable[tuple[str, SeenWarning]], known: ObjectSeen | None, language: Language
) -> Html:
    tracks = {} if known is None else {one.node: one for one in known.tracks}
    cells = (element("td", _track(tracks.get(node), language)) for node, _ in views)
    title = element("th", say(language, "nations.row.track"), scope="row")
    return element("tr", title, *cells, element("td", _fused(known, language)))


def _track(track: TrackSeen | None, language: Language) -> str:
    if track is None:
        return say(language, "nations.no_track")
    if track.latitude_rad is None:
        return say(language, "nations.withheld", nation=safe_text(track.nation))
    return "; ".join(track.columns)


def _fused(known: ObjectSeen | None, language: Language) -> str:
    if known is None:
        return say(language, "nations.no_track")
    fused: FusedSeen | None = known.fused
    if fused is None:
        notes = "; ".join(map(safe_text, known.notes)) or NONE
        return say(language, "nations.not_fused", notes=notes)
    return "; ".join(fused.columns)


def _findings(threat: Threat, known: ObjectSeen | None, language: Language) -> list[Html]:
    """In what they differ, and what they share; a shared sensor may stand behind a track alone."""
    found = [
        element(
            "li",
            say(
                language,
                "nations.disagree",
                one=one.one,
                other=one.other,
                aspect=say(language, f"nations.aspect.{one.aspect.replace(' ', '_')}"),
            ),
            class_="bad",
        )
        for one in threat.disagreements
    ]
    shared = {*threat.shared_sensors, *(() if known is None else known.shared_sensors)}
    if shared:
        sensors = ", ".join(map(safe_text, sorted(shared)))
        found.append(element("li", say(language, "nations.shared", sensors=sensors), class_="bad"))
    if not found and len(_views(threat, "")) > 1:
        found.append(element("li", say(language, "nations.agree"), class_="good"))
    return found


def _object_of(threat: Threat, objects: tuple[ObjectSeen, ...]) -> ObjectSeen | None:
    """The object whose track stands behind our warning, or behind a partner's."""
    named = {said.track_id for _, said in _views(threat, "") if said.track_id is not None}
    return next((one for one in objects if named & {track.track_id for track in one.tracks}), None)
