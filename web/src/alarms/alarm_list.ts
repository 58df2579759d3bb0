// The list of alarms: the most urgent first, acknowledged one by one, by keyboard or by mouse.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { NoAnswer, told } from "../shared/asked";
import { say, translated } from "../shared/words";
import { Announced } from "./announced";
import { keyOf } from "./keys";
import { Mark } from "./mark";
import type { Alarm, Alarms, Group } from "./seen";
import { shapeOf } from "./shapes";
import { clockText, seenBy, severityText, sinceText, timeLeft, titleOf } from "./words";

export class AlarmList extends LitElement {
  static override properties = { seen: { attribute: false } };
  declare seen: Alarms | null;
  readonly #mark = new Mark();
  readonly #announced = new Announced();
  #marked: Alarm | undefined;
  #done = "";
  #refused = "";
  #sending: string | null = null;
  #hadFocus = false;

  constructor() {
    super();
    this.seen = null;
  }

  /** In the page itself: its style is the page's, and it prints. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#pressed);
    super.disconnectedCallback();
  }

  /** What the server made stands until there is something newer. */
  protected override shouldUpdate(): boolean {
    return this.seen !== null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.seen === null) return;
    if (!this.hasUpdated) this.replaceChildren();
    if (changed.has("seen")) this.#announced.follow(this.seen);
    this.#hadFocus = this.querySelector("ol")?.contains(document.activeElement) ?? false;
    this.#marked = this.#mark.follow(this.seen.alarms, performance.now());
    const waitMs = this.#mark.waitMs(performance.now());
    if (waitMs > 0) setTimeout(() => this.requestUpdate(), waitMs);
  }

  /** A row that moved in the list lost the focus: its place is the mark's. */
  protected override updated(): void {
    if (this.#hadFocus && !this.contains(document.activeElement)) this.#focusMarked();
  }

  protected override render(): TemplateResult {
    const seen = this.seen!;
    return html`
      <h2>${say("alarm.heading")}</h2>
      <p class="small">${say("alarm.keys")}</p>
      <p class="unseen" role="alert">${this.#announced.critical}</p>
      <p class="unseen" role="status">${this.#announced.other}</p>
      <p class="said" role="status">${this.#done}</p>
      <p class="said refused" role="alert">${this.#refused}</p>
      ${seen.alarms.length === 0 ? html`<p class="small">${say("alarm.none")}</p>` : nothing}
      <ol class="alarms">
        ${repeat(
          seen.alarms,
          (alarm) => alarm.name,
          (alarm) => this.#row(alarm, seen.at),
        )}
      </ol>
      ${seen.groups.length === 0 ? nothing : html`<h3>${say("alarm.groups")}</h3>`}
      <ul class="groups">
        ${seen.groups.map(group)}
      </ul>
      ${seen.left_out === 0 ? nothing : html`<p>${say("alarm.left_out", { count: seen.left_out })}</p>`}
    `;
  }

  #row(alarm: Alarm, nowNs: number): TemplateResult {
    const isMarked = alarm === this.#marked;
    const isReady = isMarked && alarm.acknowledged === null && this.#mark.waitMs(performance.now()) === 0;
    const title = titleOf(alarm);
    return html`<li
      class="alarm ${alarm.severity} ${alarm.acknowledged === null ? "" : "acknowledged"} ${isMarked ? "marked" : ""}"
      tabindex=${isMarked ? 0 : -1}
      data-name=${alarm.name}
      @focusin=${() => this.#choose(alarm)}
    >
      ${shapeOf(alarm.severity)}
      <b>${severityText(alarm.severity)}</b> <span class="title">${title}</span>
      <span class="left">${timeLeft(alarm, nowNs)}</span>
      <span>${sinceText(alarm)}</span>
      ${
        alarm.over_at === null
          ? nothing
          : html`<strong class="over">${say("alarm.over", { time: clockText(alarm.over_at) })}</strong>`
      }
      <span class="by">${seenBy(alarm)}</span>
      ${
        alarm.acknowledged === null
          ? html`<button
              type="button"
              tabindex=${isMarked ? 0 : -1}
              aria-label=${say("alarm.acknowledge_one", { title })}
              @click=${() => void this.#acknowledge(alarm)}
            >
              ${say("alarm.acknowledge")}${isReady ? html` <kbd>a</kbd>` : nothing}
            </button>`
          : nothing
      }
    </li>`;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const key = keyOf(event, this);
    const alarms = this.seen?.alarms ?? [];
    if (key === null) return;
    event.preventDefault();
    if (key === "acknowledge") return this.#acknowledgeMarked();
    this.#mark.move(alarms, key === "next" ? 1 : -1);
    this.requestUpdate();
    void this.updateComplete.then(() => this.#focusMarked());
  };

  #acknowledgeMarked(): void {
    const marked = this.#marked;
    if (marked === undefined || marked.acknowledged !== null) {
      this.#tell(say("alarm.all_acknowledged"), "");
    } else if (this.#mark.waitMs(performance.now()) > 0) {
      this.#tell("", say("alarm.just_changed"));
    } else {
      void this.#acknowledge(marked);
    }
  }

  async #acknowledge(alarm: Alarm): Promise<void> {
    if (this.#sending === alarm.name) return;
    this.#sending = alarm.name;
    const title = titleOf(alarm);
    try {
      await told("/api/v1/alarms/acknowledge", { alarm: alarm.name, version: alarm.version });
      this.#mark.release();
      this.#tell(say("alarm.done", { title }), "");
      this.dispatchEvent(new Event("changed"));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.#tell("", say("alarm.refused", { title, reason: error.message }));
    } finally {
      this.#sending = null;
    }
  }

  #tell(done: string, refused: string): void {
    this.#done = done;
    this.#refused = refused;
    this.requestUpdate();
  }

  #choose(alarm: Alarm): void {
    if (this.#marked?.name === alarm.name) return;
    this.#mark.choose(alarm.name);
    this.requestUpdate();
  }

  #focusMarked(): void {
    this.querySelector<HTMLElement>("li.marked")?.focus();
  }
}

function group(one: Group): TemplateResult {
  return html`<li class="alarm ${one.severity} ${one.unacknowledged === 0 ? "acknowledged" : ""}">
    ${shapeOf(one.severity)}
    ${say("alarm.group", {
      severity: severityText(one.severity),
      count: one.count,
      unacknowledged: one.unacknowledged,
      kind: translated("alarm_kind", one.kind),
      source: one.source,
    })}
  </li>`;
}

customElements.define("bongsu-alarms", AlarmList);
