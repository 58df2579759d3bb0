// The map of the moment that is replayed, and a picture of it that says what it is.
import "../map/bongsu_map";
import type { SitesAnswer, SiteSaid, TracksAnswer, WarningsAnswer } from "../map/answers";
import { BongsuMap } from "../map/bongsu_map";
import { sceneOf } from "../map/scene";
import { askedJson } from "../shared/asked";
import { say } from "../shared/words";
import { asNs } from "./moments";

const BAND_PX = 56;
const INK = "#f7f2ff";
const GROUND = "#3b1d6e";
const FONT = "600 18px sans-serif";

type PastAnswer = WarningsAnswer & TracksAnswer;

export class PastMap {
  readonly #map = new BongsuMap();
  readonly #save = document.createElement("button");
  #sites: SiteSaid[] | undefined;
  #shown = { realm: "", node: "", atMs: 0 };

  /** Stands after `place`. */
  constructor(place: HTMLElement) {
    this.#save.type = "button";
    this.#save.textContent = say("replay.png");
    this.#save.addEventListener("click", () => void this.#saved());
    const framed = document.createElement("div");
    framed.className = "past-map";
    framed.append(this.#map, this.#save);
    place.after(framed);
  }

  /** Draws that moment. Raises NoAnswer. */
  async show(atMs: number): Promise<void> {
    this.#sites ??= (await askedJson<SitesAnswer>("/api/v1/sites")).sites;
    const past = await askedJson<PastAnswer>(`/api/v1/at?utc_ns=${asNs(atMs)}`);
    this.#shown = { realm: past.realm.toUpperCase(), node: past.node, atMs };
    this.#map.scene = sceneOf(past, past, new Map(), this.#sites);
  }

  /** The flat map with realm, REPLAY and time in its own pixels, above and below. */
  async #saved(): Promise<void> {
    const drawn = this.#map.canvas;
    if (drawn === null) return;
    const whole = document.createElement("canvas");
    whole.width = drawn.width;
    whole.height = drawn.height + 2 * BAND_PX;
    const pen = whole.getContext("2d");
    if (pen === null) return;
    const { realm, node, atMs } = this.#shown;
    const time = new Date(atMs).toISOString();
    pen.fillStyle = GROUND;
    pen.fillRect(0, 0, whole.width, whole.height);
    pen.fillStyle = getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, BAND_PX, drawn.width, drawn.height);
    pen.drawImage(drawn, 0, BAND_PX);
    pen.fillStyle = INK;
    pen.font = FONT;
    pen.textBaseline = "middle";
    const words = `${realm} · REPLAY · ${node} · ${time}`;
    for (const y of [BAND_PX / 2, whole.height - BAND_PX / 2]) pen.fillText(words, 16, y, whole.width - 32);
    const file = await new Promise<Blob | null>((done) => whole.toBlob(done, "image/png"));
    if (file === null) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${realm}-REPLAY-${node}-${time.replaceAll(":", "")}.png`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
