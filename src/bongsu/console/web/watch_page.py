"""The watch officer's page: one sentence first, then every threat, links, sensors and clock.

It is whole without a script; the script only asks for it again, and says when it can't. All text
of records is text: `html_text` escapes it.
"""

from typing import Final

from bongsu.console.answers.alarms import AlarmsSeen
from bongsu.console.answers.links import LinkSeen
from bongsu.console.answers.warnings import OpenThreats, Threat, headline
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, catalogue, say, translated
from bongsu.console.measures import clock_text, date_text, korea_japan_text
from bongsu.console.web.alarm_view import alarm_section, watch_state
from bongsu.console.web.built_files import FONTS, STYLE
from bongsu.console.web.watch_picture import WatchPicture
from bongsu.console.words import WarningWords, warning_words
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.units import UtcNs

COLUMNS = ("number", "who", "warning", "class", "impact", "time_left", "sure", "data")
SCRIPT = "/watch.js"
MAP = Html("<bongsu-map></bongsu-map>")  # drawn by the script, beside what the page says
PASSKEY_SCRIPT = "/passkey.js"
# Every page that has been made: its path, and the key of what the navigation calls it.
PLACES: Final = (
    ("/", "navigation.watch"),
    ("/nations", "navigation.nations"),
    ("/replay", "navigation.replay"),
    ("/records", "navigation.records"),
    ("/health", "navigation.health"),
    ("/handover", "navigation.handover"),
)


def watch_page(
    picture: WatchPicture, *, language: Language = Language.ENGLISH, open_to_all: bool = False
) -> str:
    """The whole page; where it is open to all there is nobody to log out."""
    realm, node = picture.open.realm, picture.open.node
    logout = element(
        "form",
        element("button", say(language, "logout.button")),
        method="post",
        action="/logout",
        class_="out",
    )
    way_out = element("p", say(language, "page.open_to_all")) if open_to_all else logout
    return page(
        realm.banner,
        f"{node} · Bongsu",
        _top(banner_line(realm.banner, node, language), picture.alarms, language),
        navigation("/", language),
        _desk(watch_main(picture, language), picture.alarms, language),
        element(
            "footer", exports_line(language), way_out, element("p", say(language, "page.footer"))
        ),
        script=SCRIPT,
        language=language,
    )


def nothing_page(banner: str, error: BongsuError, language: Language = Language.ENGLISH) -> str:
    """Nothing is known of the node at all: said, and never left blank."""
    said = say(language, "watch.no_picture", what=error.what, remedy=error.remedy)
    return page(
        banner,
        f"{say(language, 'page.no_picture')} · Bongsu",
        _top(banner_line(banner, "", language), None, language),
        navigation("/", language),
        _desk(element("p", said, id="line", role="alert"), None, language),
        script=SCRIPT,
        language=language,
    )


def login_page(
    banner: str,
    *,
    language: Language = Language.ENGLISH,
    failed: bool = False,
    passkeys_at: str | None = None,
) -> str:
    """Asks for a passkey (where its pages are), or for the token."""
    heading = say(language, "login.heading")
    form = element(
        "form",
        element("h1", heading),
        element("p", say(language, "login.failed"), role="alert") if failed else None,
        element("label", say(language, "login.token"), for_="token"),
        Html('<input id="token" name="token" type="password" autocomplete="off" required>'),
        element("button", heading),
        method="post",
        action="/login",
    )
    return page(
        banner,
        f"{heading} · Bongsu",
        banner_line(banner, "", language),
        element("main", None if passkeys_at is None else _passkey(language, passkeys_at), form),
        script=PASSKEY_SCRIPT,
        language=language,
    )


def enrol_page(banner: str, language: Language) -> str:
    """Asks who was invited for the code."""
    heading = say(language, "enrol.heading")
    form = element(
        "form",
        element("h1", heading),
        element("p", say(language, "enrol.how")),
        element("label", say(language, "enrol.name"), for_="name"),
        Html('<input id="name" name="name" autocomplete="name" maxlength="40" required>'),
        element("label", say(language, "enrol.code"), for_="code"),
        Html('<input id="code" name="code" autocomplete="off" maxlength="100" required>'),
        element("button", heading),
        id="passkey",
    )
    return page(
        banner,
        f"{heading} · Bongsu",
        banner_line(banner, "", language),
        element("main", form),
        script=PASSKEY_SCRIPT,
        language=language,
    )


def _passkey(language: Language, address: str) -> Html:
    """A passkey is bound to the name of a host: it works at that address alone."""
    return element(
        "form",
        element("h2", say(language, "passkey.heading")),
        element("button", say(language, "passkey.button")),
        element("p", element("a", say(language, "passkey.at", address=address), href=address)),
        id="passkey",
    )


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
    named = f"{banner_words(banner, language)}: {title}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", named if mark is None else f"{mark}: {named}"),
        Html(f'<link rel="stylesheet" href="{STYLE}">'),
        element("script", src=script, type="module") if script else None,
    )
    # Text stands before its fonts do.
    fonts = Html(f'<link rel="stylesheet" href="{FONTS}">')
    whole = element("body", languages(language), *body, fonts, class_=kind)
    return f"<!doctype html>\n{element('html', head, whole, lang=language.value).markup}\n"


def languages(current: Language) -> Html:
    """A button for each language, named in that language."""
    buttons = (
        element(
            "button",
            catalogue(one)["language.name"],
            name="language",
            value=one.value,
            lang=one.value,
            aria_pressed="true" if one is current else "false",
        )
        for one in Language
    )
    return element(
        "form",
        *buttons,
        method="post",
        action="/language",
        class_="languages",
        aria_label=say(current, "language.label"),
    )


def exports_line(language: Language, *, at: UtcNs | None = None) -> Html:
    """The moment as files for others' maps; without `at`, the present."""
    moment = "" if at is None else f"&utc_ns={at}"
    links = (
        element("a", name, href=f"/api/v1/export?format={kind}{moment}", download="")
        for kind, name in (("geojson", "GeoJSON"), ("czml", "CZML"))
    )
    said = say(language, "export.label")
    return element("p", f"{said} ", joined(links, " · "), class_="small exports")


def banner_words(banner: str, language: Language) -> str:
    """EXERCISE or LIVE, as its readers say it."""
    return say(language, f"banner.{banner.lower()}")


def _top(banner: Html, alarms: AlarmsSeen | None, language: Language) -> Html:
    """What stays in sight: the realm, how many alarms nobody has seen, whether they sound."""
    return element("div", banner, watch_state(alarms, language), class_="top")


def _desk(middle: Html, alarms: AlarmsSeen | None, language: Language) -> Html:
    """The middle, which the script asks for again, and the alarms beside it."""
    main = element("div", element("main", middle, id="watch"))
    return element("div", main, alarm_section(alarms, language), class_="desk")


def navigation(here: str, language: Language = Language.ENGLISH) -> Html:
    """The way to every page, for who may see them; `here` is the path of this one."""
    ways = (
        element("a", say(language, key), href=path, aria_current="page" if path == here else None)
        for path, key in PLACES
    )
    return element("nav", *ways, aria_label=say(language, "navigation.label"))


def watch_main(picture: WatchPicture, language: Language = Language.ENGLISH) -> Html:
    """What changes while the page stays."""
    seen = picture.open
    senses = (element("li", text, class_=kind) for kind, text in _senses(picture, language))
    return joined(
        (
            element("h1", seen.node, class_="unseen"),
            element("p", headline(seen, now=seen.at, language=language), id="line", role="status"),
            element(
                "p",
                *_as_of(seen.at, seen.node, language),
                class_="small",
                data_news=picture.news,
            ),
            MAP,
            threats_table(seen, language),
            element("h2", say(language, "links.heading")),
            element("ul", *(_link(link, language) for link in picture.links.links), class_="links"),
            element("h2", say(language, "senses.heading")),
            element("ul", *senses),
        )
    )


def _as_of(at: UtcNs, node: str, language: Language) -> tuple[Html | str, ...]:
    """The clock in UTC and in Korea and Japan; the page's script adds that of its browser."""
    here = element("time", datetime=f"{date_text(at)}T{clock_text(at)}", class_="here")
    said = say(language, "watch.as_of", time=clock_text(at), node=node)
    return (f"{said} · {korea_japan_text(at)}", here)


def banner_line(banner: str, node: str, language: Language = Language.ENGLISH) -> Html:
    """The realm, twice, and whose page it is."""
    mark = element("b", banner_words(banner, language))
    return element("header", mark, element("span", node), mark, class_="banner")


def threats_table(seen: OpenThreats, language: Language = Language.ENGLISH) -> Html:
    """Every threat, what we and what partners say of it."""
    if not seen.threats:
        return element("p", say(language, "watch.nothing"), class_="small")
    names = (say(language, f"watch.column.{column}") for column in COLUMNS)
    head = element("tr", *(element("th", name, scope="col") for name in names))
    bodies = (
        element("tbody", *_rows(number, threat, seen.at, language))
        for number, threat in enumerate(seen.by_urgency, start=1)
    )
    caption = element("caption", say(language, "watch.caption"))
    return element("table", caption, element("thead", head), *bodies)


def _rows(number: int, threat: Threat, now: UtcNs, language: Language) -> list[Html]:
    said = [] if threat.own is None else [(say(language, "watch.we"), threat.own)]
    said += [(partner.node, partner.warning) for partner in threat.partners]
    return [
        _row(
            str(number) if place == 0 else "",
            who,
            warning_words(warning, now=now, language=language),
            language,
        )
        for place, (who, warning) in enumerate(said)
    ]


def _row(number: str, who: str, words: WarningWords, language: Language) -> Html:
    left = words.time_left or say(language, "watch.time_left_not_known")
    return element(
        "tr",
        element("th", number, scope="row") if number else element("td"),
        element("td", who),
        element("td", words.title),
        element("td", words.object_class),
        element("td", words.impact),
        element("td", left, class_="short" if words.short else None),
        element("td", _sure(words)),
        element("td", words.data_age),
    )


def _sure(words: WarningWords) -> str:
    return "; ".join(filter(None, (words.confirmation, words.status, *words.caveats)))


def _link(link: LinkSeen, language: Language) -> Html:
    if link.heard_s_ago is None:
        heard, state = say(language, "link.never_heard"), say(language, "link.not_up")
    else:
        heard = say(language, "link.heard", seconds=f"{link.heard_s_ago:.1f}")
        state = say(language, "link.up")
    if link.troubles:
        troubles = (translated(language, "faults", trouble) for trouble in link.troubles)
        state = say(language, "link.trouble", troubles="; ".join(troubles))
    is_well = not link.troubles and link.heard_s_ago is not None
    said = say(language, "link.one", partner=link.partner, state=state, heard=heard)
    return element("li", said, class_="good" if is_well else "bad")


def _senses(picture: WatchPicture, language: Language) -> list[tuple[str, str]]:
    sensors = picture.health.sensors
    found = []
    if sensors.clock is not None:
        words = translated(language, "clocks", sensors.clock.words)
        found.append(say(language, "senses.clock", words=words))
    found += [say(language, "senses.off_time", name=name) for name in sensors.off_time_sensors]
    found += [say(language, "senses.silent", name=name) for name in sensors.silent_sensors]
    return [("bad", text) for text in found] or [("good", say(language, "senses.well"))]
