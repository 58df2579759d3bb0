// The watch officer's page: its middle, made by the server, asked for again and again; its alarms, its map.
import { ALARMS_CHANGED, onAlarmsDone, showAlarms } from "../alarms/on_page";
import { keptDrawn } from "../map/kept_drawn";
import { askedText } from "../shared/asked";
import { keptFresh } from "../shared/kept_fresh";
import { onNews } from "../shared/news";
import { refreshed } from "../shared/refreshed";
import { StaleLine } from "../shared/stale";
import { showTimesHere } from "../shared/times_here";

const main = document.getElementById("watch");

if (main !== null) {
  showTimesHere(main);
  const askNow = keptFresh(new StaleLine(main), () => both(showPicture(main), showAlarms()));
  onNews(ALARMS_CHANGED, askNow);
  onAlarmsDone(askNow);
  keptDrawn(main);
}

async function showPicture(shown: HTMLElement): Promise<void> {
  const fresh = new DOMParser().parseFromString(await askedText("/watch"), "text/html").body;
  if (document.querySelector(".banner span")?.textContent === "") location.reload();
  refreshed(shown, fresh);
  showTimesHere(shown);
}

/** Each shows what it can; raises what one of them raised. */
async function both(...parts: Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(parts);
  for (const part of ended) if (part.status === "rejected") throw part.reason;
}
