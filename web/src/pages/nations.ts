// Every nation's view side by side: the page's middle, made by the server, asked for again and again.
import { askedText } from "../shared/asked";
import { keptFresh } from "../shared/kept_fresh";
import { StaleLine } from "../shared/stale";

const main = document.getElementById("nations");

if (main !== null) {
  keptFresh(new StaleLine(main), async () => {
    const fresh = new DOMParser().parseFromString(await askedText("/nations/now"), "text/html").body;
    main.replaceChildren(...fresh.childNodes);
  });
}
