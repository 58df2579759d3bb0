// An alarm in words: the same as the server's list says.
import { say, translated } from "../shared/words";
import type { Alarm, Alarms, Severity } from "./seen";

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;
const OF_RECORDS = ["launch warning", "recall"];

/** Time of day in UTC, as everywhere: 22:22:04Z. */
export function clockText(atNs: number): string {
  return `${new Date(atNs / NS_PER_MS).toISOString().slice(11, 19)}Z`;
}

/** How bad it is, in capitals where the language has them. */
export function severityText(severity: Severity): string {
  return translated("alarm_severity", severity).toUpperCase();
}

/** What it is about, in one line. */
export function titleOf(alarm: Alarm): string {
  const parts = {
    kind: translated("alarm_kind", alarm.kind),
    about: translated("alarm_text", translated("faults", alarm.about)),
    source: alarm.source,
  };
  if (!OF_RECORDS.includes(alarm.kind)) return say("alarm.trouble", parts);
  let title = say("alarm.warning", parts);
  if (alarm.version !== null) title = say("alarm.version", { title, version: alarm.version });
  return alarm.object_class === null ? title : say("alarm.of_class", { title, object_class: alarm.object_class });
}

/** How long until it falls; nothing where no impact is predicted. */
export function timeLeft(alarm: Alarm, nowNs: number): string {
  if (alarm.impact_at === null) return "";
  const leftS = Math.floor((alarm.impact_at - nowNs) / NS_PER_S);
  const time = clockText(alarm.impact_at);
  if (leftS <= 0) return say("alarm.time_passed", { time });
  const left = `${Math.floor(leftS / 60)}:${String(leftS % 60).padStart(2, "0")}`;
  return say("alarm.time_left", { left, time });
}

/** Since when, how often, and why the last time. */
export function sinceText(alarm: Alarm): string {
  const time = clockText(alarm.raised_at);
  if (alarm.raised === 1) return say("alarm.since", { time });
  const why = translated("alarm_text", alarm.why);
  return say("alarm.again", { time, count: alarm.raised, why });
}

/** Who has seen it, and when; or that nobody has. */
export function seenBy(alarm: Alarm): string {
  const seen = alarm.acknowledged;
  if (seen !== null) return say("alarm.acknowledged", { who: seen.who, time: clockText(seen.at) });
  return say(alarm.silenced ? "alarm.not_acknowledged_silenced" : "alarm.not_acknowledged");
}

/** How many nobody has seen. */
export function countText(alarms: Alarms): string {
  if (alarms.worst === null) return say("alarm.count_none");
  return say("alarm.count", { count: alarms.unacknowledged, severity: severityText(alarms.worst) });
}

/** Who has the watch. */
export function shiftText(alarms: Alarms): string {
  if (alarms.shift === null) return say("shift.nobody");
  return say("shift.has", { who: alarms.shift.who, time: clockText(alarms.shift.since) });
}
