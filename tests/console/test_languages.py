"""Catalogues of words: the same keys and placeholders, and nothing that a page would miss."""

from enum import Enum

import pytest

from bongsu.console.languages import (
    PLACEHOLDER,
    Language,
    catalogue,
    language_named,
    preferred,
    say,
    translated,
)
from bongsu.protocols.dispute import DISPLAYS_DISAGREE
from bongsu.protocols.log_exchange.inbound_events import Fault
from bongsu.protocols.warning_desk import SECOND_OBJECT
from bongsu.tracking.outlook.page import MAY_GO_ON
from bongsu.tracking.picture import NOT_BALLISTIC, PARTED, TIME_UNSURE
from bongsu.vocabulary.clock_doubt import ClockSuspicion
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, WarningAction
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.units import SensorId

OTHERS = [Language.KOREAN, Language.JAPANESE]


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_keys_with_the_same_placeholders(language: Language) -> None:
    english, other = catalogue(Language.ENGLISH), catalogue(language)
    assert set(other) == set(english)
    for key, text in english.items():
        assert sorted(PLACEHOLDER.findall(other[key])) == sorted(PLACEHOLDER.findall(text)), key


@pytest.mark.parametrize("language", list(Language))
def test_no_text_is_empty_or_holds_a_brace_that_is_no_placeholder(language: Language) -> None:
    for key, text in catalogue(language).items():
        assert text.strip(), key
        assert not set("{}") & set(PLACEHOLDER.sub("", text)), key


@pytest.mark.parametrize("language", OTHERS)
def test_a_translated_text_is_no_longer_english(language: Language) -> None:
    same = {
        key
        for key, text in catalogue(Language.ENGLISH).items()
        if catalogue(language)[key] == text and PLACEHOLDER.sub("", text).strip(" v(){}:;,.")
    }
    assert same == set()


@pytest.mark.parametrize(
    ("part", "members"),
    [
        ("action", [one.value for one in WarningAction]),
        ("end", [one.value for one in EndReason]),
        ("class", [one.name.lower() for one in ObjectClass]),
        ("confirmation", [one.name.lower() for one in Confirmation]),
        ("sensor", [one.value for one in SensorKind]),
        ("banner", [one.value for one in Realm]),
    ],
)
def test_every_value_that_a_warning_may_state_has_words(part: str, members: list[str]) -> None:
    assert {f"{part}.{member}" for member in members} <= set(catalogue(Language.ENGLISH))


@pytest.mark.parametrize("kind", [Confirmation, SensorKind, WarningAction])
def test_the_english_words_of_a_value_are_its_own(kind: type[Enum]) -> None:
    said = set(catalogue(Language.ENGLISH).values())
    assert {member.value for member in kind} <= said


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("caveats", DISPLAYS_DISAGREE),
        ("caveats", MAY_GO_ON),
        ("caveats", NOT_BALLISTIC),
        ("caveats", TIME_UNSURE),
        ("caveats", PARTED.format("KR-1-T0001")),
        ("caveats", f"{SECOND_OBJECT} KR-1/W0001"),
        ("caveats", "sun 4 deg from the line of sight of US-IR-1: may be stray sunlight"),
        ("caveats", "sun mirrored towards US-IR-1 within 3 deg: may be glint"),
        *(("faults", fault.value) for fault in Fault),
        *(
            (
                "clocks",
                ClockSuspicion(
                    sensors=(SensorId("A"), SensorId("B")), slow_s=slow_s, followed=followed
                ).in_words,
            )
            for slow_s, followed in ((-3.25, False), (3.25, True), (3.25, False))
        ),
    ],
)
@pytest.mark.parametrize("language", OTHERS)
def test_what_bongsu_itself_states_is_said_in_the_readers_language(
    language: Language, part: str, text: str
) -> None:
    said = translated(language, part, text)
    assert said != text
    assert translated(Language.ENGLISH, part, text) == text
    for name in ("US-IR-1", "KR-1-T0001", "KR-1/W0001", "A, B", "3.2"):
        assert (name in said) == (name in text)


def test_peoples_own_words_stay_theirs() -> None:
    text = "smoke over {name} <script>"
    assert translated(Language.KOREAN, "caveats", text) == text
    assert say(Language.ENGLISH, "caveat.text", text=text) == f"caveat: {text}"


def test_a_text_or_value_that_is_not_there_is_never_left_out() -> None:
    with pytest.raises(KeyError):
        say(Language.KOREAN, "no.such.text")
    with pytest.raises(KeyError):
        say(Language.KOREAN, "caveat.text")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", Language.KOREAN),
        ("fr,ja;q=0.4,en;q=0.3", Language.JAPANESE),
        ("en;q=0.1, JA", Language.JAPANESE),
        ("ko;q=0", Language.ENGLISH),
        ("ko;q=nan,ja;q=9", Language.ENGLISH),
        ("fr", Language.ENGLISH),
        ("", Language.ENGLISH),
        (",;;q=,=" * 40, Language.ENGLISH),
    ],
)
def test_a_browser_is_answered_in_the_language_that_it_prefers(
    accepted: str, language: Language
) -> None:
    assert preferred(accepted) is language


def test_a_language_that_is_not_ours_is_none() -> None:
    assert language_named("ko") is Language.KOREAN
    assert language_named("KO") is None
    assert language_named(None) is None
