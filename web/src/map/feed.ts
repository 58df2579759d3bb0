// Asks for what a map shows, and makes a scene of it.
import { askedJson } from "../shared/asked";
import type { PathsAnswer, SitesAnswer, SiteSaid, TracksAnswer, WarningsAnswer } from "./answers";
import { type Paths, pathName, pathsWith, type Scene, sceneOf } from "./scene";

const API = "/api/v1";
const OVERLAP_NS = 120_000_000_000;

export class SceneFeed {
  #paths: Paths = new Map();
  #through = "0";
  #sites: SiteSaid[] | undefined;

  /** The scene now. Raises NoAnswer. */
  async scene(): Promise<Scene> {
    const [warnings, tracks, paths] = await Promise.all([
      askedJson<WarningsAnswer>(`${API}/warnings`),
      askedJson<TracksAnswer>(`${API}/tracks`),
      askedJson<PathsAnswer>(`${API}/paths?after=${this.#through}`),
    ]);
    this.#sites ??= (await askedJson<SitesAnswer>(`${API}/sites`)).sites;
    const shown = new Set(
      tracks.objects.flatMap((one) => one.tracks.map((track) => pathName(track.node, track.track_id))),
    );
    this.#paths = pathsWith(this.#paths, paths, shown);
    this.#through = latest(this.#through, paths);
    return sceneOf(warnings, tracks, this.#paths, this.#sites);
  }
}

/** What partners say comes later than what we see: some of it is asked for twice, and kept once. */
function latest(through: string, paths: PathsAnswer): string {
  const newest = Math.max(0, ...paths.paths.map((path) => path.past.at(-1)?.[0] ?? 0));
  return newest > OVERLAP_NS ? String(BigInt(Math.round(newest)) - BigInt(OVERLAP_NS)) : through;
}
