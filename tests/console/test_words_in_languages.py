"""One coded event in several languages: the same class, numbers, place and times in all."""

import re
from collections import Counter
from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.console.made_up_flight import KR, LAUNCHED_AT, made_up_warning

from bongsu.console.languages import PLACEHOLDER, Language, catalogue, say
from bongsu.console.words import WarningWords, warning_sentence, warning_words
from bongsu.vocabulary.estimates import ClassProbability, GeoPoint, ObjectClass
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, WarningAction
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import FIELD_NAMES, SeenWarning, disclosed, whole
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import after_seconds

NUMBER = re.compile(r"\d[\d,]*(?:[.:]\d+)*")
CLASS_NAME = re.compile(r"\b(?:SRBM|MRBM|IRBM|ICBM|SLV)\b")
IMPACT = made_up_warning(KR, 204.0, 1, seed=7)
FAN = made_up_warning(KR, 90.0, 1, seed=7)
CAVEATS = (
    "sun 4 deg from the line of sight of US-IR-1: may be stray sunlight",
    "ballistic estimate not valid: the path is not ballistic",
    "seen by 3 fishermen",
)


@st.composite
def warnings(draw: st.DrawFn) -> SeenWarning:
    """Any class, phase, action and end; any estimate there or not; any field closed."""
    shares = draw(st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5))
    base = replace(
        draw(st.sampled_from([IMPACT, FAN])),
        action=draw(st.sampled_from(WarningAction)),
        end_reason=draw(st.none() | st.sampled_from(EndReason)),
        phase=draw(st.sampled_from(Phase)),
        track_status=draw(st.sampled_from(TrackStatus)),
        confirmation=draw(st.sampled_from(Confirmation)),
        sensor_kinds=tuple(draw(st.sets(st.sampled_from(SensorKind)))),
        classification=tuple(
            ClassProbability(object_class=one, probability=share)
            for one, share in zip(ObjectClass, shares, strict=True)
        )
        if draw(st.booleans())
        else (),
        caveats=tuple(draw(st.lists(st.sampled_from(CAVEATS), max_size=6))),
    )
    if draw(st.booleans()):
        base = replace(base, launch=None)
    if draw(st.booleans()):
        base = replace(base, impact=None, fan=draw(st.sampled_from([None, FAN.fan])))
    seen = whole(base)
    closed = draw(st.sets(st.sampled_from(sorted(FIELD_NAMES - {"launch_cell_20km"})), max_size=4))
    known = {f.name: getattr(seen, f.name) for f in fields(seen) if f.name in FIELD_NAMES}
    if draw(st.booleans()):
        known["launch_cell_20km"] = GeoPoint(latitude_rad=0.7, longitude_rad=2.2)
    return disclosed(
        {name: value for name, value in known.items() if name not in closed},
        withheld=tuple(closed),
    )


def numbers(text: str, language: Language) -> Counter[str]:
    """Every number that is the event's; the words "one minute" hold a digit in some languages."""
    said = text.replace(say(language, "time_left.short", duration=""), "")
    return Counter(NUMBER.findall(said))


def key_of(part: str, text: str, language: Language) -> str:
    """Which of a part's words a text is: read back by the catalogue."""
    for key, words in catalogue(language).items():
        pieces = PLACEHOLDER.split(words)
        pattern = ".+".join(re.escape(piece) for piece in pieces[::2])
        if key.startswith(f"{part}.") and re.fullmatch(pattern, text):
            return key
    raise AssertionError(f"{text!r} is no {part} in {language}")


def keys(words: WarningWords, language: Language) -> dict[str, str]:
    """What a warning says, part by part, without any language."""
    parts = {
        "class": words.object_class,
        "launch": words.launch,
        "impact": words.impact,
        "time_left": words.time_left,
        "end": words.end,
        "confirmation": words.confirmation,
        "status": words.status,
        "data": words.data_age,
    }
    return {part: key_of(part, text, language) for part, text in parts.items() if text}


@settings(deadline=None)
@given(warning=warnings(), since_launch_s=st.floats(0.0, 3_000.0))
def test_q22_class_numbers_place_and_times_are_the_same_in_every_language(
    warning: SeenWarning, since_launch_s: float
) -> None:
    now = after_seconds(LAUNCHED_AT, since_launch_s)
    said = {
        one: warning_sentence(warning, realm=Realm.EXERCISE, now=now, language=one)
        for one in Language
    }
    parts = {one: warning_words(warning, now=now, language=one) for one in Language}
    english = said[Language.ENGLISH]
    for language, text in said.items():
        assert numbers(text, language) == numbers(english, Language.ENGLISH)
        assert keys(parts[language], language) == keys(parts[Language.ENGLISH], Language.ENGLISH)
        assert CLASS_NAME.findall(text) == CLASS_NAME.findall(english)
        assert parts[language].short == parts[Language.ENGLISH].short
        assert "EXERCISE" in text
        assert "{" not in text


def test_q22_a_launcher_is_a_launcher_and_never_a_missile_in_any_language() -> None:
    launcher = (ClassProbability(object_class=ObjectClass.SLV, probability=1.0),)
    seen = whole(replace(IMPACT, classification=launcher))
    for language, missile in ((Language.KOREAN, "미사일"), (Language.JAPANESE, "ミサイル")):
        words = warning_words(seen, now=IMPACT.stated_at, language=language)
        assert words.object_class == say(language, "class.satellite_launcher", share="100 %")
        assert missile not in words.object_class


def test_a_warning_reads_as_a_korean_and_a_japanese_watch_officer_would_say_it() -> None:
    seen = whole(IMPACT)
    korean = warning_sentence(
        seen, realm=Realm.EXERCISE, now=IMPACT.stated_at, language=Language.KOREAN
    )
    assert korean.startswith("훈련 EXERCISE  KR-1/W0001 ")
    assert "중거리 탄도미사일 IRBM (93 %), 발사 22:2" in korean
    assert "단일 출처, 미확인 (레이더); 1.2초 전 자료" in korean
    japanese = warning_sentence(
        seen, realm=Realm.LIVE, now=IMPACT.stated_at, language=Language.JAPANESE
    )
    assert japanese.startswith("実運用 LIVE  KR-1/W0001 ")
    assert "中距離弾道ミサイル IRBM (93 %), 発射 22:2" in japanese
