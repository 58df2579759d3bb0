// A page whose part `#live` the server makes: asked for again when something happened, and put in
// place without taking the reader's own place away. In between the page only asks whether the node
// is there: what reads the log is not asked for every second (`data-every`, in ms).
import { askedText } from "../shared/asked";
import { keptFresh } from "../shared/kept_fresh";
import { onNews, PICTURE_CHANGED } from "../shared/news";
import { putInPlace } from "../shared/put_in_place";
import { StaleLine } from "../shared/stale";

const part = document.getElementById("live");

if (part !== null) {
  const everyMs = Number(part.dataset["every"] ?? 0);
  let isDue = true;
  let askedAt = -Infinity;
  onNews(PICTURE_CHANGED, () => (isDue = true));
  keptFresh(new StaleLine(part), async () => {
    await askedText("/api/v1/health"); // says in words why the node does not answer
    const now = performance.now();
    if (everyMs > 0 && !(isDue && now - askedAt >= everyMs)) return;
    isDue = false;
    askedAt = now;
    const text = await askedText(location.pathname + location.search);
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("live");
    if (fresh !== null) putInPlace(part, fresh);
  });
}
