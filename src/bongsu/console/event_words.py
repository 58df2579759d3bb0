"""The words for what nodes report: one line per fact, on the log and without a terminal."""

from bongsu.console.demo_events import (
    DemoEvent,
    DemoSetting,
    FirstPlotSeen,
    InputRefused,
    LinkFault,
    LinkRestored,
    NodeStarted,
    NodeStopped,
    OwnWarningStated,
    PartnerWarningVerified,
    SensorHeardAgain,
    SensorSilent,
    TrackStatusChanged,
)
from bongsu.console.measures import clock_text, elapsed_text
from bongsu.console.safe_text import safe_text
from bongsu.console.words import warning_sentence, warning_words
from bongsu.vocabulary.launch_warning import Confirmation
from bongsu.vocabulary.seen_warning import SeenWarning, whole
from bongsu.vocabulary.units import UtcNs


def plain_line(event: DemoEvent, setting: DemoSetting) -> str:
    """EXERCISE, scenario time, nation, what happened: complete without any other line."""
    elapsed = elapsed_text(event.at, setting.launched_at)
    return f"{setting.realm.banner}  {elapsed} {clock_text(event.at)}  {_full(event, setting)}"


def log_line(event: DemoEvent, setting: DemoSetting) -> str:
    """The short form for a log that stands under the panels."""
    elapsed = elapsed_text(event.at, setting.launched_at)
    return f"{elapsed} {safe_text(event.nation)}  {short_text(event)}"


def _full(event: DemoEvent, setting: DemoSetting) -> str:
    text = short_text(event)
    seen = _warning_of(event)
    if seen is not None:
        sentence = warning_sentence(seen, realm=setting.realm, now=event.at)
        text = f"{_lead_in(event)}: {sentence.removeprefix(setting.realm.banner).strip()}"
    return f"{safe_text(event.nation)}  {text}"


def _warning_of(event: DemoEvent) -> SeenWarning | None:
    if isinstance(event, OwnWarningStated):
        return whole(event.warning)
    return event.warning if isinstance(event, PartnerWarningVerified) else None


def _lead_in(event: DemoEvent) -> str:
    if isinstance(event, PartnerWarningVerified):
        return f"verified from {_origin(event)} in {event.delay_ms:.1f} ms{_closed(event.warning)}"
    return "own warning"


def short_text(event: DemoEvent) -> str:
    """What happened, without time and nation."""
    match event:
        case NodeStarted() | NodeStopped():
            return _node_text(event)
        case FirstPlotSeen():
            return f"first plot by {safe_text(event.sensor_id)} ({event.sensor_kind.value})"
        case OwnWarningStated():
            return _headline(whole(event.warning), at=event.at)
        case PartnerWarningVerified():
            return (
                f"from {_origin(event)} in {event.delay_ms:.1f} ms: "
                f"{_headline(event.warning, at=event.at)}{_closed(event.warning)}"
            )
        case LinkFault() | LinkRestored():
            return _link_text(event)
        case SensorSilent() | SensorHeardAgain():
            return _sensor_text(event)
        case InputRefused():
            return f"refused input: {safe_text(event.reason)} (total {event.count:,})"
        case TrackStatusChanged():
            return f"track {safe_text(event.track_id)} is now {event.status.value}"


def _node_text(event: NodeStarted | NodeStopped) -> str:
    if isinstance(event, NodeStopped):
        return f"node {safe_text(event.node)} stopped: {safe_text(event.reason)}"
    sensors = ", ".join(safe_text(sensor) for sensor in event.sensors) or "none"
    partners = ", ".join(safe_text(partner) for partner in event.partners) or "none"
    return f"node {safe_text(event.node)} started; sensors {sensors}; partners {partners}"


def _link_text(event: LinkFault | LinkRestored) -> str:
    if isinstance(event, LinkFault):
        return f"LINK FAULT to {safe_text(event.partner)}: {safe_text(event.reason)}"
    waited = f", {event.caught_up:,} entries caught up" if event.caught_up else ""
    return f"link to {safe_text(event.partner)} works{waited}"


def _sensor_text(event: SensorSilent | SensorHeardAgain) -> str:
    if isinstance(event, SensorSilent):
        return f"SENSOR SILENT: {safe_text(event.sensor_id)}"
    return f"sensor {safe_text(event.sensor_id)} heard again"


def _headline(warning: SeenWarning, *, at: UtcNs) -> str:
    words = warning_words(warning, now=at)
    if words.end:
        return f"{words.title} ({words.end})"
    unconfirmed = warning.confirmation is Confirmation.SINGLE_SOURCE
    state = Confirmation.SINGLE_SOURCE.value if unconfirmed else words.confirmation
    return ", ".join(filter(None, (words.title, words.object_class, words.time_left, state)))


def _origin(event: PartnerWarningVerified) -> str:
    relay = "" if event.relayed_by is None else f" by way of {safe_text(event.relayed_by)}"
    return f"{safe_text(event.origin)}{relay}"


def _closed(warning: SeenWarning) -> str:
    if not warning.withheld:
        return ""
    return f"; withheld: {', '.join(safe_text(name) for name in warning.withheld)}"
