// Times stand in UTC, and in Korea's and Japan's; this adds the time where the browser is.
import { language, say } from "./words";

const CLOCK = new Intl.DateTimeFormat(language, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});

/** Fills every `<time class="here">` below `root`. */
export function showTimesHere(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLTimeElement>("time.here")) {
    const at = new Date(place.dateTime);
    if (!Number.isNaN(at.getTime())) {
      place.textContent = ` · ${say("time.here", { time: CLOCK.format(at) })}`;
    }
  }
}
