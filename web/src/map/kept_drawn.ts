// Keeps the map of a page drawn, at a pace of its own: no track ever keeps a sentence waiting.
import { keptFresh } from "../shared/kept_fresh";
import { BongsuMap } from "./bongsu_map";
import { SceneFeed } from "./feed";

/** Once a second, while the page stays. */
export function keptDrawn(page: HTMLElement): void {
  const feed = new SceneFeed();
  const map = (): BongsuMap | undefined => {
    const found = page.querySelector("bongsu-map");
    return found instanceof BongsuMap ? found : undefined;
  };
  const told = {
    fresh: () => map()?.fresh(),
    failed: (reason: string) => map()?.failed(reason),
  };
  const show = async (): Promise<void> => {
    const scene = await feed.scene();
    const shown = map();
    if (shown !== undefined) shown.scene = scene;
  };
  keptFresh(told, show, []);
}
