"""The watch officer's page: one sentence first, then every threat, links, sensors and clock.

It is whole without a script; the script only asks for it again, and says when it can't. All text
of records is text: `html_text` escapes it.
"""

from typing import Final

from bongsu.console.answers.links import LinkSeen
from bongsu.console.answers.warnings import OpenThreats, Threat, headline
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language
from bongsu.console.measures import clock_text
from bongsu.console.web.built_files import FONTS, STYLE
from bongsu.console.web.watch_picture import WatchPicture
from bongsu.console.words import WarningWords, warning_words
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import UtcNs

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " font-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
COLUMNS = ("", "who says", "warning", "class", "where it falls", "time left", "sure", "data")
OPEN_TO_ALL = "An exercise without login: whoever sits at this machine may look."
SCRIPT = "/watch.js"
# Every page that has been made: its path, and what the navigation calls it.
PLACES: Final = (("/", "Watch"), ("/replay", "Replay"))


def watch_page(picture: WatchPicture, *, open_to_all: bool = False) -> str:
    """The whole page; where it is open to all there is nobody to log out."""
    realm, node = picture.open.realm, picture.open.node
    logout = element(
        "form", element("button", "Log out"), method="post", action="/logout", class_="out"
    )
    way_out = element("p", OPEN_TO_ALL) if open_to_all else logout
    return page(
        realm.banner,
        f"{node} · Bongsu",
        _banner(realm.banner, node),
        navigation("/"),
        element("main", watch_main(picture), id="watch"),
        element("footer", way_out, element("p", "All that is shown stands in the node's log.")),
        script=SCRIPT,
    )


def nothing_page(banner: str, error: BongsuError) -> str:
    """Nothing is known of the node at all: said, and never left blank."""
    words = element("p", f"NO PICTURE: {error.what}. {error.remedy}", id="line", role="alert")
    return page(
        banner,
        "no picture · Bongsu",
        _banner(banner, ""),
        navigation("/"),
        element("main", words, id="watch"),
        script=SCRIPT,
    )


def login_page(banner: str, *, failed: bool = False) -> str:
    """Asks for the token."""
    form = element(
        "form",
        element("h1", "Log in"),
        element("p", "Not the console's token. Try again.", role="alert") if failed else None,
        element("label", "The text of console.token, beside the node's file", for_="token"),
        Html('<input id="token" name="token" type="password" autocomplete="off" required>'),
        element("button", "Log in"),
        method="post",
        action="/login",
    )
    return page(banner, "Log in · Bongsu", _banner(banner, ""), element("main", form))


def page(
    banner: str,
    title: str,
    *body: Html,
    script: str | None = None,
    mark: str | None = None,
    language: Language = Language.ENGLISH,
) -> str:
    """A page of this console; its style and script are files of this server.

    `mark`: what it shows is not the present, and the title says so first.
    """
    kind = banner.lower() if mark is None else f"{banner.lower()} replay"
    named = f"{banner}: {title}" if mark is None else f"{mark}: {banner}: {title}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", named),
        Html(f'<link rel="stylesheet" href="{STYLE}">'),
        element("script", src=script, type="module") if script else None,
    )
    # Text stands before its fonts do.
    fonts = Html(f'<link rel="stylesheet" href="{FONTS}">')
    whole = element("html", head, element("body", *body, fonts, class_=kind), lang=language.value)
    return f"<!doctype html>\n{whole.markup}\n"


def navigation(here: str) -> Html:
    """The way to every page, for who may see them; `here` is the path of this one."""
    ways = (
        element("a", name, href=path, aria_current="page" if path == here else None)
        for path, name in PLACES
    )
    return element("nav", *ways, aria_label="Pages")


def watch_main(picture: WatchPicture) -> Html:
    """What changes while the page stays."""
    seen = picture.open
    return joined(
        (
            element("p", headline(seen, now=seen.at), id="line", role="status"),
            element(
                "p",
                f"as of {clock_text(seen.at)} of {seen.node}",
                class_="small",
                data_news=picture.news,
            ),
            threats_table(seen),
            element("h2", "Links"),
            element("ul", *map(_link, picture.links.links), class_="links"),
            element("h2", "Sensors and clock"),
            element("ul", *(element("li", text, class_=kind) for kind, text in _senses(picture))),
        )
    )


def _banner(banner: str, node: str) -> Html:
    mark = element("b", banner)
    return element("div", mark, element("span", node), mark, class_="banner")


def threats_table(seen: OpenThreats) -> Html:
    """Every threat, what we and what partners say of it."""
    if not seen.threats:
        return element("p", "Nothing is open.", class_="small")
    head = element("tr", *(element("th", text, scope="col") for text in COLUMNS))
    bodies = (
        element("tbody", *_rows(number, threat, seen.at))
        for number, threat in enumerate(seen.by_urgency, start=1)
    )
    caption = element("caption", "Every threat, the one with the least time left first")
    return element("table", caption, element("thead", head), *bodies)


def _rows(number: int, threat: Threat, now: UtcNs) -> list[Html]:
    said = [] if threat.own is None else [("we", threat.own)]
    said += [(partner.node, partner.warning) for partner in threat.partners]
    return [
        _row(str(number) if place == 0 else "", who, warning, now)
        for place, (who, warning) in enumerate(said)
    ]


def _row(number: str, who: str, warning: SeenWarning, now: UtcNs) -> Html:
    words = warning_words(warning, now=now)
    return element(
        "tr",
        element("th", number, scope="row"),
        element("td", who),
        element("td", words.title),
        element("td", words.object_class),
        element("td", words.impact),
        element("td", words.time_left or "not known yet", class_="short" if words.short else None),
        element("td", _sure(words)),
        element("td", words.data_age),
    )


def _sure(words: WarningWords) -> str:
    return "; ".join(filter(None, (words.confirmation, words.status, *words.caveats)))


def _link(link: LinkSeen) -> Html:
    if link.heard_s_ago is None:
        heard, words = "never heard", "not up yet"
    else:
        heard, words = f"heard {link.heard_s_ago:.1f} s ago", "up"
    if link.troubles:
        words = f"TROUBLE: {'; '.join(link.troubles)}"
    is_well = not link.troubles and link.heard_s_ago is not None
    return element("li", f"{link.partner}: {words} ({heard})", class_="good" if is_well else "bad")


def _senses(picture: WatchPicture) -> list[tuple[str, str]]:
    sensors = picture.health.sensors
    clock = sensors.clock
    found = [] if clock is None else [("bad", f"CLOCK SUSPECTED: {clock.words}")]
    found += [("bad", f"SENSOR OFF TIME: {name}") for name in sensors.off_time_sensors]
    found += [("bad", f"SENSOR SILENT: {name}") for name in sensors.silent_sensors]
    return found or [("good", "no sensor is silent or off time; nothing speaks against our clock")]
