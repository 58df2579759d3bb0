// The page of what is over: the player moves its middle, and what is open now breaks through.
import { BongsuNow, type WarningsNow } from "../replay/now";
import { BongsuPlayer } from "../replay/player";
import { asNs, Recording } from "../replay/moments";
import { PastMap } from "../replay/past_map";
import { askedJson, askedText, NoAnswer } from "../shared/asked";
import { keptFresh } from "../shared/kept_fresh";
import { StaleLine } from "../shared/stale";
import { say } from "../shared/words";

const main = document.getElementById("replay");
const place = document.getElementById("player");

if (main !== null && place !== null) {
  const now = new BongsuNow();
  document.querySelector("nav")?.after(now);
  const player = new BongsuPlayer();
  place.append(player);
  const recording = new Recording();
  const show = shownOneAtATime(main, player, new PastMap(place));
  player.addEventListener("moment", () => void show());
  now.addEventListener("alarm", () => player.pause());
  keptFresh(new StaleLine(place), async () => {
    now.take(await askedJson<WarningsNow>("/api/v1/warnings"));
    await recording.readOn();
    player.begins = recording.beginsMs;
    player.ends = recording.endsMs;
    if (player.moments.length !== recording.moments.length) player.moments = [...recording.moments];
    if (player.at === 0 && recording.endsMs > 1) {
      player.at = shownAt(main) ?? recording.endsMs;
      void show();
    }
  });
}

/** The moment that the server wrote the page for. */
function shownAt(main: HTMLElement): number | undefined {
  const ns = main.dataset["at"];
  return ns === undefined ? undefined : Number(ns) / 1e6;
}

/** Shows where the player is; while one moment is asked for, only the newest wish is kept. */
function shownOneAtATime(main: HTMLElement, player: BongsuPlayer, map: PastMap): () => Promise<void> {
  let isAsking = false;
  let again = false;
  return async () => {
    again = true;
    if (isAsking) return;
    isAsking = true;
    while (again) {
      again = false;
      try {
        const text = await askedText(`/replay/at?utc_ns=${asNs(player.at)}`);
        const fresh = new DOMParser().parseFromString(text, "text/html").body;
        main.replaceChildren(...fresh.childNodes);
        await map.show(player.at);
      } catch (error) {
        const failed = document.createElement("p");
        failed.setAttribute("role", "alert");
        const reason = error instanceof NoAnswer ? error.message : String(error);
        failed.textContent = say("replay.no_picture", { reason });
        main.replaceChildren(failed);
      }
    }
    isAsking = false;
  };
}
