// Asks again whenever something happens at the node and at least once a second, one at a time.
import { NoAnswer } from "./asked";
import { onNews, PICTURE_CHANGED } from "./news";

const ASK_EVERY_MS = 1000;

/** Who says that what is shown is old. */
export interface Told {
  fresh(): void;
  failed(reason: string): void;
}

/** `ask` shows what it asked for, or raises NoAnswer; `stale` is told which. Returns "ask now". */
export function keptFresh(
  stale: Told,
  ask: () => Promise<void>,
  events: readonly string[] = PICTURE_CHANGED,
): () => void {
  let isAsking = false;
  let again = false;

  async function askNow(): Promise<void> {
    if (isAsking) {
      again = true;
      return;
    }
    isAsking = true;
    do {
      again = false;
      try {
        await ask();
        stale.fresh();
      } catch (error) {
        stale.failed(error instanceof NoAnswer ? error.message : String(error));
      }
    } while (again);
    isAsking = false;
  }

  onNews(events, () => void askNow());
  setInterval(() => void askNow(), ASK_EVERY_MS);
  void askNow();
  return () => void askNow();
}
