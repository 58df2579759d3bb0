// Which alarm one key acknowledges: the one that a person went to, or the first that nobody saw.
import type { Alarm } from "./seen";

const LOOKED_AT_MS = 500; // a key that was on its way acknowledges nothing that came meanwhile

/** The mark in a list that changes by itself. */
export class Mark {
  #name: string | null = null;
  #isChosen = false;
  #shown = "";
  #shownAtMs = Number.NEGATIVE_INFINITY;

  /** Follow the list; returns the alarm that is marked. */
  follow(alarms: readonly Alarm[], nowMs: number): Alarm | undefined {
    const known = alarms.find((one) => one.name === this.#name);
    if (!this.#isChosen || known === undefined) {
      this.#isChosen = false;
      this.#name = (alarms.find((one) => one.acknowledged === null) ?? alarms[0])?.name ?? null;
    }
    const marked = alarms.find((one) => one.name === this.#name);
    const shown = marked === undefined ? "" : `${marked.name} ${marked.version} ${marked.raised}`;
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#shownAtMs = nowMs;
    }
    return marked;
  }

  /** How long until a person may be taken to have seen what is marked. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#shownAtMs + LOOKED_AT_MS - nowMs);
  }

  /** A person goes to the next one, or the one before. */
  move(alarms: readonly Alarm[], by: 1 | -1): void {
    const here = alarms.findIndex((one) => one.name === this.#name);
    const there = alarms[Math.min(Math.max(here + by, 0), alarms.length - 1)];
    if (there !== undefined) this.choose(there.name);
  }

  /** A person went to this one. */
  choose(name: string): void {
    this.#name = name;
    this.#isChosen = true;
  }

  /** What was marked is done: back to the first that nobody saw. */
  release(): void {
    this.#isChosen = false;
  }
}
