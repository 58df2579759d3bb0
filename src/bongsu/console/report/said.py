"""What each nation said, version by version, in the words that its screens showed."""

from collections.abc import Iterable

from bongsu.console.demo_report import DemoReport, NationWarnings
from bongsu.console.html_text import Html, element, joined
from bongsu.console.measures import clock_text, elapsed_text
from bongsu.console.words import warning_sentence
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.seen_warning import whole

MAXIMUM_SHOWN = 120


def said(report: DemoReport) -> Html:
    """One folded list per nation; the sentence is the one of the moment it was stated."""
    return joined(_nation(nation, report) for nation in report.warnings)


def _nation(said_by: NationWarnings, report: DemoReport) -> Html:
    shown, left_out = _shown(said_by.versions)
    count = len(said_by.versions)
    plural = "" if count == 1 else "s"
    note = f"{left_out:,} versions between these are left out here." if left_out else None
    return element(
        "details",
        element("summary", element("b", said_by.nation), f" stated {count:,} version{plural}"),
        element("ol", *(_version(version, report) for version in shown), class_="said"),
        element("p", note, class_="small") if note else None,
    )


def _shown(versions: tuple[LaunchWarning, ...]) -> tuple[list[LaunchWarning], int]:
    """All of them, or evenly fewer with the first and the last."""
    every = -(-len(versions) // MAXIMUM_SHOWN) or 1
    numbers = sorted({*range(0, len(versions), every), *range(len(versions))[-1:]})
    return [versions[number] for number in numbers], len(versions) - len(numbers)


def _version(version: LaunchWarning, report: DemoReport) -> Html:
    sentence = warning_sentence(whole(version), realm=report.realm, now=version.stated_at)
    at = elapsed_text(version.stated_at, report.scenario.launched_at_utc_ns)
    when = element("span", f"{at} {clock_text(version.stated_at)}", class_="when")
    return element("li", when, " ", sentence)


def last_words(report: DemoReport) -> Iterable[Html]:
    """Each nation's first warning and its last, as sentences."""
    for nation in report.warnings:
        if nation.versions:
            ends = dict.fromkeys((nation.versions[0], nation.versions[-1]))
            yield element("ol", *(_version(version, report) for version in ends), class_="said")
