// <bongsu-map>: the flat map and the globe of a scene, and the same objects as a table.
import { html, LitElement, type TemplateResult } from "lit";
import { language, say } from "../shared/words";
import { details } from "./details";
import { drawGround } from "./draw_ground";
import { drawScene, type Spot } from "./draw_scene";
import type { Globe } from "./globe";
import { type Ground, ground } from "./ground";
import { inkOf } from "./ink";
import { styles } from "./map_style";
import { objectsTable } from "./objects_table";
import { overflownOf } from "./overflown";
import { NOTHING, placesOf, type Scene } from "./scene";
import { holds, HOME, panned, type Size, type View, viewOf, zoomed } from "./view";

const PICKED_WITHIN_PX = 14;
const PAN_PX = 60;
const ZOOM = 1.35;
const MANY_TRACKS = 60;

export class BongsuMap extends LitElement {
  static override styles = styles;
  static override properties = {
    scene: { attribute: false },
    picked: { state: true },
    hasCoverage: { state: true },
    isGlobe: { state: true },
    globeTrouble: { state: true },
    trouble: { state: true },
  };

  declare scene: Scene;
  declare picked: string | undefined;
  declare hasCoverage: boolean;
  declare isGlobe: boolean;
  declare globeTrouble: string;
  declare trouble: string;

  #view: View = HOME;
  #follows = true;
  #ground: Ground | undefined;
  #overflown: number[] = [];
  #spots: Spot[] = [];
  #size: Size = { width: 0, height: 0 };
  #groundKept: { key: string; canvas: HTMLCanvasElement } | undefined;
  #drawn = 0;
  #wanted = false;
  #dragged: { x: number; y: number; moved: boolean } | undefined;
  #globe: Globe | undefined;
  readonly #resized = new ResizeObserver(() => this.#measure());
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  readonly #recolour = (): void => {
    this.#groundKept = undefined;
    this.#globe?.recolour();
    this.draw();
  };

  constructor() {
    super();
    this.scene = NOTHING;
    this.picked = undefined;
    this.hasCoverage = true;
    this.isGlobe = false;
    this.globeTrouble = "";
    this.trouble = "";
  }

  /** How many frames were drawn, for who measures. */
  get frames(): number {
    return this.#drawn;
  }

  /** The flat map as it is drawn, for who exports a picture. */
  get canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector<HTMLCanvasElement>("canvas.flat");
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#dark.addEventListener("change", this.#recolour);
    void ground().then((found) => {
      this.#ground = found;
      this.#recolour();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dark.removeEventListener("change", this.#recolour);
    this.#resized.disconnect();
    this.#globe?.dispose();
    this.#globe = undefined;
  }

  protected override firstUpdated(): void {
    const canvas = this.canvas;
    if (canvas === null) return;
    this.#resized.observe(canvas);
    canvas.addEventListener("wheel", (event) => this.#wheeled(event), { passive: false });
    void document.fonts.ready.then(() => this.draw());
    this.#measure();
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("scene")) this.#sceneCame();
    this.#globe?.show(this.scene, this.picked);
    this.draw();
  }

  protected override render(): TemplateResult {
    const { scene } = this;
    return html`
      <div class="bar" role="toolbar" aria-label=${say("map.tools")}>
        <button aria-pressed=${String(!this.isGlobe)} @click=${() => void this.#toGlobe(false)}>
          ${say("map.flat")}
        </button>
        <button aria-pressed=${String(this.isGlobe)} @click=${() => void this.#toGlobe(true)}>
          ${say("map.globe")}
        </button>
        <span class="gap"></span>
        <button @click=${() => this.#zoom(ZOOM)} aria-label=${say("map.nearer")}>+</button>
        <button @click=${() => this.#zoom(1 / ZOOM)} aria-label=${say("map.farther")}>−</button>
        <button @click=${() => this.follow()}>${say("map.follow")}</button>
        <button
          aria-pressed=${String(this.hasCoverage)}
          @click=${() => {
            this.hasCoverage = !this.hasCoverage;
          }}
        >
          ${say("map.coverage")}
        </button>
      </div>
      <div class="stage">
        <canvas
          class="flat"
          ?hidden=${this.isGlobe}
          tabindex="0"
          role="application"
          aria-label=${say("map.label")}
          aria-describedby="keys"
          @keydown=${(event: KeyboardEvent) => this.#typed(event)}
          @pointerdown=${(event: PointerEvent) => this.#pressed(event)}
          @pointermove=${(event: PointerEvent) => this.#moved(event)}
          @pointerup=${(event: PointerEvent) => this.#released(event)}
        ></canvas>
        <div class="round" ?hidden=${!this.isGlobe}></div>
        <p class="realm">${scene.realm === "" ? "" : scene.realm.toUpperCase()}</p>
        ${[this.trouble, this.globeTrouble].filter(Boolean).map(
          (text) => html`<p class="trouble" role="alert">${text}</p>`,
        )}
      </div>
      <p class="keys" id="keys">${say("map.keys")}</p>
      <ul class="legend" aria-label=${say("map.legend")}>
        <li><i class="line solid"></i>${say("map.observed_path")}</li>
        <li><i class="line dashed"></i>${say("map.predicted_path")}</li>
        <li><i class="sign launch">▲</i>${say("map.launch_area")}</li>
        <li><i class="sign impact">✕</i>${say("map.impact_area")}</li>
        <li><i class="sign sensor">■</i>${say("map.radar")}</li>
        <li><i class="sign sensor">◆</i>${say("map.infrared")}</li>
      </ul>
      ${details(scene, this.picked, () => this.#pick(undefined))}
      ${objectsTable(scene, this.picked, (id) => this.#pick(id))}
    `;
  }

  /** What is shown was asked for just now. */
  fresh(): void {
    this.trouble = "";
  }

  /** What is shown is old, and why. */
  failed(reason: string): void {
    this.trouble = say("map.old", { reason });
  }

  /** Show everything, and go on doing so. */
  follow(): void {
    this.#follows = true;
    this.#fit();
    this.#globe?.follow();
    this.draw();
  }

  /** Draw soon; as often as it is asked for, once a frame. */
  draw(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    requestAnimationFrame(() => {
      this.#wanted = false;
      this.drawNow();
    });
  }

  drawNow(): void {
    const canvas = this.canvas;
    const context = canvas?.getContext("2d", { alpha: false });
    if (this.isGlobe || !canvas || !context || this.#size.width < 1) return;
    const ratio = devicePixelRatio;
    const ink = inkOf(this);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#groundCanvas(canvas), 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const shown = { scene: this.scene, picked: this.picked, hasCoverage: this.hasCoverage, language };
    this.#spots = drawScene(context, shown, this.#view, this.#size, ink);
    this.#drawn += 1;
  }

  #groundCanvas(like: HTMLCanvasElement): HTMLCanvasElement {
    const { centre, scale } = this.#view;
    const key = [centre, scale, like.width, like.height, this.#overflown, this.#ground !== undefined].join();
    if (this.#groundKept?.key === key) return this.#groundKept.canvas;
    const canvas = this.#groundKept?.canvas ?? document.createElement("canvas");
    canvas.width = like.width;
    canvas.height = like.height;
    const context = canvas.getContext("2d", { alpha: false });
    if (context !== null) {
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      drawGround(context, this.#ground, this.#overflown, this.#view, this.#size, inkOf(this));
    }
    this.#groundKept = { key, canvas };
    return canvas;
  }

  #measure(): void {
    const canvas = this.canvas;
    if (canvas === null) return;
    const { width, height } = canvas.getBoundingClientRect();
    if (width < 1 || height < 1) return;
    this.#size = { width, height };
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    if (this.#follows) this.#fit();
    this.drawNow();
  }

  #sceneCame(): void {
    const places = placesOf(this.scene);
    const isFew = this.scene.tracks.length <= MANY_TRACKS;
    if (this.#ground !== undefined && isFew) this.#overflown = overflownOf(this.scene, this.#ground);
    if (this.#follows && this.#size.width > 0) {
      const fitting = viewOf(places, this.#size);
      const isLoose = fitting.scale > this.#view.scale * 1.5;
      if (isLoose || !holds(this.#view, this.#size, places)) this.#fit();
    }
  }

  #fit(): void {
    if (this.#size.width > 0) this.#view = viewOf(placesOf(this.scene), this.#size);
  }

  #look(view: View): void {
    this.#follows = false;
    this.#view = view;
    this.draw();
  }

  #zoom(factor: number): void {
    this.#globe?.zoom(factor);
    this.#look(zoomed(this.#view, this.#size, factor, this.#size.width / 2, this.#size.height / 2));
  }

  #wheeled(event: WheelEvent): void {
    event.preventDefault();
    const factor = Math.exp(-Math.max(-200, Math.min(200, event.deltaY)) / 400);
    this.#look(zoomed(this.#view, this.#size, factor, event.offsetX, event.offsetY));
  }

  #pressed(event: PointerEvent): void {
    this.#dragged = { x: event.clientX, y: event.clientY, moved: false };
    (event.target as HTMLElement).setPointerCapture(event.pointerId);
  }

  #moved(event: PointerEvent): void {
    const last = this.#dragged;
    if (last === undefined) return;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    if (!last.moved && Math.hypot(dx, dy) < 4) return;
    this.#dragged = { x: event.clientX, y: event.clientY, moved: true };
    this.#look(panned(this.#view, this.#size, dx, dy));
  }

  #released(event: PointerEvent): void {
    const last = this.#dragged;
    this.#dragged = undefined;
    if (last === undefined || last.moved) return;
    const near = this.#spots
      .map((spot) => ({ id: spot.id, apart: Math.hypot(spot.x - event.offsetX, spot.y - event.offsetY) }))
      .filter((spot) => spot.apart <= PICKED_WITHIN_PX)
      .toSorted((one, other) => one.apart - other.apart);
    this.#pick(near[0]?.id);
  }

  #typed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const pans: Record<string, [number, number]> = {
      ArrowLeft: [PAN_PX, 0],
      ArrowRight: [-PAN_PX, 0],
      ArrowUp: [0, PAN_PX],
      ArrowDown: [0, -PAN_PX],
    };
    const pan = pans[event.key];
    if (pan !== undefined) this.#look(panned(this.#view, this.#size, ...pan));
    else if (event.key === "+" || event.key === "=") this.#zoom(ZOOM);
    else if (event.key === "-") this.#zoom(1 / ZOOM);
    else if (event.key === "0" || event.key === "Home") this.follow();
    else if (event.key === "n" || event.key === "p") this.#step(event.key === "n" ? 1 : -1);
    else if (event.key === "Escape") this.#pick(undefined);
    else return;
    event.preventDefault();
  }

  #step(by: number): void {
    const ids = [...this.scene.warnings, ...this.scene.tracks, ...this.scene.sensors].map((one) => one.id);
    if (ids.length === 0) return;
    const now = this.picked === undefined ? -1 : ids.indexOf(this.picked);
    const next = now < 0 ? (by > 0 ? 0 : ids.length - 1) : (now + by + ids.length) % ids.length;
    this.#pick(ids[next]);
  }

  #pick(id: string | undefined): void {
    this.picked = id;
    this.dispatchEvent(new CustomEvent("bongsu-picked", { detail: id, bubbles: true, composed: true }));
  }

  async #toGlobe(isGlobe: boolean): Promise<void> {
    this.isGlobe = isGlobe;
    this.globeTrouble = "";
    await this.updateComplete;
    if (!isGlobe) {
      this.#measure();
      return;
    }
    const place = this.renderRoot.querySelector<HTMLElement>(".round");
    if (this.#globe !== undefined || place === null) return;
    try {
      const { Globe } = await import("./globe");
      this.#globe = new Globe(place, await ground(), this, (id) => this.#pick(id));
      this.#globe.show(this.scene, this.picked);
    } catch (error) {
      this.isGlobe = false;
      this.globeTrouble = say("map.no_globe", { reason: error instanceof Error ? error.message : String(error) });
      await this.updateComplete;
      this.#measure();
    }
  }
}

customElements.define("bongsu-map", BongsuMap);
