"""The page of what is over: the sentence, the warnings, the tracks of a moment, framed as a replay.

It can never be taken for the present: the title, the banner, the frame and the sentence itself
say so. It stands without a script, at any moment that is asked for; the script adds the player
and the alarms of the present, which break through.
"""

from typing import Final

from bongsu.console.answers.past import OverSeen, PastSeen, replay_sentence
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, say
from bongsu.console.measures import clock_text, date_text
from bongsu.console.safe_text import safe_text
from bongsu.console.web.nations_part import nations_part
from bongsu.console.web.watch_page import (
    banner_words,
    exports_line,
    navigation,
    page,
    threats_table,
)
from bongsu.console.words import warning_words
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.units import UtcNs

PATH: Final = "/replay"
SCRIPT: Final = "/replay.js"


def replay_page(seen: PastSeen, language: Language) -> str:
    """The whole page at one moment."""
    banner = seen.realm.banner
    title = say(language, "replay.title", node=seen.node, time=_instant(seen.at))
    main = element("main", replay_main(seen, language), id="replay", data_at=str(seen.at))
    return _framed(banner, title, seen.node, main, language, time=_instant(seen.at))


def no_replay_page(banner: str, language: Language, error: BongsuError | None = None) -> str:
    """Nothing is recorded, or it can't be asked for: said, and never left blank."""
    said = (
        say(language, "replay.nothing")
        if error is None
        else say(language, "replay.no_picture", reason=f"{error.what}. {error.remedy}")
    )
    words = element("p", said, id="line", role="alert")
    main = element("main", words, id="replay")
    return _framed(banner, say(language, "navigation.replay"), "", main, language, time="")


def replay_main(seen: PastSeen, language: Language) -> Html:
    """What changes while somebody plays."""
    stored = "-" if seen.newest_at is None else _instant(seen.newest_at)
    newest = say(language, "replay.newest", time=stored)
    missing = element("p", say(language, "replay.incomplete"), class_="bad", role="alert")
    return joined(
        (
            element("p", replay_sentence(seen, language=language), id="line"),
            element("p", newest, class_="small"),
            None if seen.complete else missing,
            exports_line(language, at=seen.at),
            threats_table(seen.open_then, language),
            nations_part(seen.open_then, seen.objects, language) if seen.threats else None,
            _over(seen.over, seen.at, language),
            element("h2", say(language, "replay.heard")),
            element("ul", *(element("li", text) for text in _heard(seen, language))),
            element("h2", say(language, "replay.not_recorded")),
            element("ul", *(element("li", text) for text in _not_recorded(seen, language))),
        )
    )


def _framed(
    banner: str, title: str, node: str, main: Html, language: Language, *, time: str
) -> str:
    mark = element("b", f"{say(language, 'replay.mark')} · {banner_words(banner, language)}")
    middle = say(language, "replay.not_now", node=node, time=time) if node else ""
    frame = element("header", mark, element("span", middle), mark, class_="banner")
    return page(
        banner,
        title,
        frame,
        navigation(PATH, language),
        element(
            "section",
            element("h1", say(language, "navigation.replay"), class_="unseen"),
            element("div", id="player"),
            aria_label=say(language, "navigation.replay"),
        ),
        main,
        script=SCRIPT,
        mark=say(language, "replay.mark"),
        language=language,
    )


def _over(over: tuple[OverSeen, ...], at: UtcNs, language: Language) -> Html | None:
    if not over:
        return None
    names = ("when", "who", "warning", "why")
    head = (element("th", say(language, f"replay.over.{name}"), scope="col") for name in names)
    return element(
        "table",
        element("caption", say(language, "replay.over")),
        element("thead", element("tr", *head)),
        element("tbody", *(_over_row(one, at, language) for one in over)),
    )


def _over_row(one: OverSeen, at: UtcNs, language: Language) -> Html:
    words = warning_words(one.warning, now=at, language=language)
    if one.recalled is None:
        why = words.end or say(language, "replay.ended")
    else:
        why = say(language, "replay.recalled", reason=safe_text(one.recalled))
    cells = (clock_text(one.stored_at), safe_text(one.node), words.title, why)
    return element("tr", *(element("td", cell) for cell in cells))


def _heard(seen: PastSeen, language: Language) -> list[str]:
    return [
        say(language, "replay.heard.none", node=one.node)
        if one.stored_at is None
        else say(language, "replay.heard.at", node=one.node, time=_instant(one.stored_at))
        for one in seen.last_from
    ]


def _not_recorded(seen: PastSeen, language: Language) -> list[str]:
    return [say(language, f"replay.not_recorded.{one}") for one in seen.not_recorded]


def _instant(at: UtcNs) -> str:
    return f"{date_text(at)} {clock_text(at)}"
