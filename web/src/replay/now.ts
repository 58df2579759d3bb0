// What is open now, above whatever is replayed: in its own words, and never to be overlooked.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { say } from "../shared/words";

/** As `/api/v1/warnings` says it, as far as it is needed here. */
export type WarningsNow = Readonly<{
  sentence: string;
  threats: readonly Readonly<{
    own: Said | null;
    partners: readonly Readonly<{ warning: Said }>[];
  }>[];
}>;
type Said = Readonly<{ warning_id: string | null; version: number | null; action: string | null }>;

/** Fires `alarm` when something is open that was not shown before. */
export class BongsuNow extends LitElement {
  static override properties = {
    sentence: { state: true },
    isOpen: { state: true },
    breaksThrough: { state: true },
  };
  declare sentence: string;
  declare isOpen: boolean;
  declare breaksThrough: boolean;
  #known = new Set<string>();

  constructor() {
    super();
    this.sentence = "";
    this.isOpen = this.breaksThrough = false;
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#dismiss();
    });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** What the node says now; a version that was not known breaks through at once. */
  take(now: WarningsNow): void {
    const versions = new Set(now.threats.flatMap(spoken));
    const isNews = [...versions].some((one) => !this.#known.has(one));
    this.#known = versions;
    this.sentence = now.sentence;
    this.isOpen = versions.size > 0;
    if (!this.isOpen) this.breaksThrough = false;
    if (isNews) {
      this.breaksThrough = true;
      this.dispatchEvent(new CustomEvent("alarm"));
    }
  }

  #dismiss(): void {
    this.breaksThrough = false;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("breaksThrough") && this.breaksThrough) this.querySelector<HTMLElement>("a")?.focus();
  }

  protected override render(): unknown {
    if (this.sentence === "") return nothing;
    const ways = html`<p>
      <a href="/">${say("replay.to_watch")}</a>
      <button type="button" @click=${() => this.#dismiss()}>${say("replay.dismiss")}</button>
    </p>`;
    const kind = this.breaksThrough ? "now through" : this.isOpen ? "now open" : "now";
    return html`<section class=${kind} role=${this.breaksThrough ? "alert" : nothing}>
      <b>${say("replay.now")}</b>
      <span>${this.sentence}</span>
      ${this.breaksThrough ? ways : nothing}
    </section>`;
  }
}

function spoken(threat: WarningsNow["threats"][number]): string[] {
  const said = [...(threat.own === null ? [] : [threat.own]), ...threat.partners.map((one) => one.warning)];
  return said.map((one) => `${one.warning_id} ${one.version} ${one.action}`);
}

customElements.define("bongsu-now", BongsuNow);
