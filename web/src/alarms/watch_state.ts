// In the banner, always in sight: how many alarms nobody has seen, and whether one can be heard.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { NoAnswer, told } from "../shared/asked";
import { say } from "../shared/words";
import { AudioPlayer } from "./player";
import { type Alarms, SEVERITIES } from "./seen";
import { Sounding } from "./sounding";
import { countText, severityText, shiftText } from "./words";

const LOOKED_AT_EVERY_MS = 250;
const SILENCE_S = 60;

export class WatchState extends LitElement {
  static override properties = { seen: { attribute: false } };
  declare seen: Alarms | null;
  readonly #title = document.title;
  readonly #player = new AudioPlayer(() => this.requestUpdate());
  readonly #sounding = new Sounding(this.#player);
  #looking: ReturnType<typeof setInterval> | undefined;
  #said = "";

  constructor() {
    super();
    this.seen = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#looking = setInterval(() => {
      if (this.seen !== null) this.#sounding.look(this.seen, performance.now());
    }, LOOKED_AT_EVERY_MS);
  }

  override disconnectedCallback(): void {
    clearInterval(this.#looking);
    super.disconnectedCallback();
  }

  protected override shouldUpdate(): boolean {
    return this.seen !== null;
  }

  protected override willUpdate(): void {
    if (!this.hasUpdated) this.replaceChildren();
    const count = this.seen?.unacknowledged ?? 0;
    const title = count === 0 ? this.#title : `(${count}) ${this.#title}`;
    if (document.title !== title) document.title = title;
  }

  protected override render(): TemplateResult {
    const seen = this.seen!;
    return html`
      <a href="#alarms" class="count ${seen.worst ?? ""}">${countText(seen)}</a>
      ${this.#soundState(seen)}
      <button type="button" @click=${() => void this.#begin()}>
        ${say(seen.shift === null ? "sound.begin" : "sound.test")}
      </button>
      <button type="button" @click=${() => void this.#silence()} ?disabled=${seen.sounding === null}>
        ${say("sound.silence", { seconds: SILENCE_S })}
      </button>
      <span class="shift">${shiftText(seen)}</span>
      <span role="status">${this.#said}</span>
    `;
  }

  #soundState(seen: Alarms): TemplateResult {
    const silenced =
      seen.silenced_s > 0
        ? say("sound.silenced", { seconds: Math.ceil(seen.silenced_s), who: seen.silenced_by ?? "" })
        : "";
    const isReady = this.#player.isReady;
    const sound = isReady ? (silenced === "" ? html`<span>${say("sound.on")}</span>` : nothing) : mute();
    return html`${sound} ${silenced === "" ? nothing : html`<strong class="silenced">${silenced}</strong>`}`;
  }

  async #begin(): Promise<void> {
    const begins = this.seen?.shift === null;
    if (await this.#player.begin()) {
      this.#sounding.test(performance.now());
      this.#say(say("sound.testing", { severities: SEVERITIES.map(severityText).join(", ") }));
    } else {
      this.#say(say("sound.none"));
    }
    if (begins) await this.#command("/api/v1/shifts", { action: "begin", note: "" });
  }

  async #silence(): Promise<void> {
    await this.#command("/api/v1/alarms/silence", { for_s: SILENCE_S });
  }

  async #command(path: string, body: object): Promise<void> {
    try {
      await told(path, body);
      this.dispatchEvent(new Event("changed"));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.#say(say("sound.refused", { reason: error.message }));
    }
  }

  #say(text: string): void {
    this.#said = text;
    this.requestUpdate();
  }
}

function mute(): TemplateResult {
  return html`<strong class="mute">${say("sound.mute")}</strong>`;
}

customElements.define("bongsu-watch-state", WatchState);
