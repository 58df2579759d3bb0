// The player: a slider over everything recorded, speeds, steps and jumps, all by keyboard.
import { html, LitElement } from "lit";
import { say, type Key } from "../shared/words";
import { MOST, type Moment } from "./moments";

const SPEEDS = [0.5, 1, 2, 4, 8, 16, 32, 64];
const TICK_MS = 100;
const STEP_MS = 1_000;

/** Fires `moment` whenever another one is to be shown: `at` holds it, in ms. */
export class BongsuPlayer extends LitElement {
  static override properties = {
    begins: { type: Number },
    ends: { type: Number },
    at: { type: Number },
    speed: { type: Number },
    playing: { type: Boolean },
    moments: { attribute: false },
  };
  declare begins: number;
  declare ends: number;
  declare at: number;
  declare speed: number;
  declare playing: boolean;
  declare moments: readonly Moment[];
  #timer: ReturnType<typeof setInterval> | undefined;
  #tickedAt = 0;

  constructor() {
    super();
    this.begins = this.ends = this.at = 0;
    this.speed = 1;
    this.playing = false;
    this.moments = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#onKey);
    this.pause();
  }

  /** In the page itself: its style is the page's. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  play(): void {
    if (this.at >= this.ends) this.#go(this.begins);
    this.playing = true;
    this.#tickedAt = performance.now();
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
  }

  pause(): void {
    this.playing = false;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = performance.now();
    this.#go(this.at + (now - this.#tickedAt) * this.speed);
    this.#tickedAt = now;
    if (this.at >= this.ends) this.pause();
  }

  #go(ms: number): void {
    this.at = Math.min(this.ends, Math.max(this.begins, ms));
    this.dispatchEvent(new CustomEvent("moment"));
  }

  #step(ms: number): void {
    this.pause();
    this.#go(this.at + ms);
  }

  /** To the nearest moment in that direction; at either end it stays. */
  #jump(direction: 1 | -1): void {
    const there =
      direction === 1
        ? this.moments.find((one) => one.atMs > this.at)
        : this.moments.findLast((one) => one.atMs < this.at);
    if (there !== undefined) this.#jumpTo(there);
  }

  #jumpTo(moment: Moment): void {
    this.pause();
    this.#go(moment.atMs);
  }

  #turn(by: 1 | -1): void {
    this.speed = SPEEDS[SPEEDS.indexOf(this.speed) + by] ?? this.speed;
  }

  #toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || this.begins === this.ends) return;
    const on = event.target as HTMLElement;
    if (on.closest("bongsu-map") !== null) return; // the map has keys of its own
    if (event.key === " " && on.closest("button, a, summary") !== null) return; // it presses that
    const stepMs = event.shiftKey ? 10 * STEP_MS : STEP_MS;
    const does: Readonly<Record<string, () => void>> = {
      " ": () => this.#toggle(),
      ArrowLeft: () => this.#step(-stepMs),
      ArrowRight: () => this.#step(stepMs),
      n: () => this.#jump(1),
      p: () => this.#jump(-1),
      "+": () => this.#turn(1),
      "-": () => this.#turn(-1),
      Home: () => this.#step(this.begins - this.at),
      End: () => this.#step(this.ends - this.at),
    };
    const act = does[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  protected override render(): unknown {
    const button = (key: Key, act: () => void) =>
      html`<button type="button" @click=${act}>${say(key)}</button>`;
    return html`
      <h2>${say("replay.player")}</h2>
      <label for="slider">${say("replay.slider")}: <output>${clock(this.at)}</output></label>
      <input id="slider" type="range" step="1" .min=${String(this.begins)} .max=${String(this.ends)}
        .value=${String(Math.round(this.at))} aria-valuetext=${clock(this.at)}
        @input=${(event: Event) => this.#slide(event)} />
      <p class="controls">
        ${button(this.playing ? "replay.pause" : "replay.play", () => this.#toggle())}
        ${button("replay.back", () => this.#step(-STEP_MS))}
        ${button("replay.forward", () => this.#step(STEP_MS))}
        ${button("replay.previous", () => this.#jump(-1))}
        ${button("replay.next", () => this.#jump(1))}
        ${button("replay.slower", () => this.#turn(-1))}
        <output aria-live="polite">${say("replay.speed", { speed: this.speed })}</output>
        ${button("replay.faster", () => this.#turn(1))}
      </p>
      <p class="small">${say("replay.keys")}</p>
      <details open>
        <summary>${say("replay.moments")} (${this.moments.length})</summary>
        ${this.moments.length < MOST ? "" : html`<p>${say("replay.moments.more", { count: MOST })}</p>`}
        <ol class="moments">${this.moments.map((one) => this.#line(one))}</ol>
      </details>
    `;
  }

  #line(moment: Moment): unknown {
    const words = say("replay.moment", {
      time: clock(moment.atMs),
      node: moment.node,
      subject: moment.subject ?? "",
      what: say(`replay.moment.${moment.what ?? "withheld"}` as Key),
      version: moment.version === null ? "" : `v${moment.version}`,
    });
    const isPast = moment.atMs <= this.at;
    return html`<li class=${isPast ? "passed" : "to-come"}>
      <button type="button" @click=${() => this.#jumpTo(moment)}>${words}</button>
    </li>`;
  }

  #slide(event: Event): void {
    this.pause();
    this.#go(Number((event.target as HTMLInputElement).value));
  }
}

function clock(ms: number): string {
  return ms === 0 ? "" : new Date(ms).toISOString().replace("T", " ").replace(/\.\d+Z$/, "Z");
}

customElements.define("bongsu-player", BongsuPlayer);
