// Says in words when what a page shows is old: the old must never look fresh.
import { say } from "./words";

const STALE_AFTER_MS = 3000;
const LOOKED_AT_EVERY_MS = 250;

/** The line above a page's middle that stands there only while the page is old. */
export class StaleLine {
  #shownAt = performance.now();
  #reason = "";
  readonly #line = document.createElement("p");

  constructor(main: HTMLElement) {
    this.#line.id = "stale";
    this.#line.setAttribute("role", "alert");
    this.#line.hidden = true;
    main.before(this.#line);
    setInterval(() => this.#look(), LOOKED_AT_EVERY_MS);
  }

  /** What is shown now was asked for just now. */
  fresh(): void {
    this.#shownAt = performance.now();
    this.#reason = "";
    this.#look();
  }

  /** It could not be asked for, and why. */
  failed(reason: string): void {
    this.#reason = reason;
    this.#look();
  }

  #look(): void {
    const oldMs = performance.now() - this.#shownAt;
    const isStale = this.#reason !== "" || oldMs > STALE_AFTER_MS;
    document.body.classList.toggle("stale", isStale);
    const text = isStale
      ? say("stale.old", {
          seconds: Math.round(oldMs / 1000),
          reason: this.#reason || say("stale.no_answer"),
        })
      : "";
    if (this.#line.textContent !== text) this.#line.textContent = text;
    this.#line.hidden = !isStale;
  }
}
