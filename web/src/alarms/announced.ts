// What a screen reader says of a list that changes by itself: what came, once; a flood in one line.
import { say } from "../shared/words";
import { type Alarm, type Alarms, SEVERITIES } from "./seen";
import { countText, severityText, titleOf } from "./words";

/** `critical` interrupts; `other` waits its turn. */
export class Announced {
  critical = "";
  other = "";
  #newest: number | null = null;

  follow(alarms: Alarms): void {
    const before = this.#newest;
    this.#newest = Math.max(before ?? 0, ...alarms.alarms.map((one) => one.raised_at));
    if (before === null) {
      this.other = countText(alarms);
      return;
    }
    const fresh = alarms.alarms.filter((one) => one.acknowledged === null && one.raised_at > before);
    const worst = SEVERITIES.find((severity) => fresh.some((one) => one.severity === severity));
    if (worst === undefined) return;
    const text = textOf(fresh, severityText(worst));
    this.critical = worst === "critical" ? text : "";
    this.other = worst === "critical" ? "" : text;
  }
}

function textOf(fresh: readonly Alarm[], severity: string): string {
  const [only, ...more] = fresh;
  if (only === undefined || more.length > 0) {
    return say("alarm.raised_many", { count: fresh.length, severity });
  }
  return say("alarm.raised_one", { severity, title: titleOf(only) });
}
