// Alarms on a page: the list, and what its banner says of them, from one answer.
import { askedJson } from "../shared/asked";
import { AlarmList } from "./alarm_list";
import type { Alarms } from "./seen";
import { WatchState } from "./watch_state";

export const ALARMS_CHANGED = ["alarm_raised", "alarm_over", "watch_log"] as const;

/** Ask for the alarms and show them. Raises NoAnswer. */
export async function showAlarms(): Promise<void> {
  const seen = await askedJson<Alarms>("/api/v1/alarms");
  for (const element of elements()) element.seen = seen;
}

/** Call back when a person on this page has done something that changes them. */
export function onAlarmsDone(told: () => void): void {
  for (const element of elements()) element.addEventListener("changed", told);
}

function elements(): (AlarmList | WatchState)[] {
  const found = document.querySelectorAll("bongsu-alarms, bongsu-watch-state");
  return [...found].filter((one) => one instanceof AlarmList || one instanceof WatchState);
}
