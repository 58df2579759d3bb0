// The watch officer's page: its middle, made by the server, asked for again and again.
import { askedText } from "../shared/asked";
import { keptFresh } from "../shared/kept_fresh";
import { showTimesHere } from "../shared/times_here";
import { StaleLine } from "../shared/stale";

const main = document.getElementById("watch");

if (main !== null) {
  showTimesHere(main);
  keptFresh(new StaleLine(main), async () => {
    const fresh = new DOMParser().parseFromString(await askedText("/watch"), "text/html").body;
    main.replaceChildren(...fresh.childNodes);
    showTimesHere(main);
  });
}
