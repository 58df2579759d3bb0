// Moments worth jumping to, and how far the record reaches: asked for page by page, bounded.
import { askedJson } from "../shared/asked";

const PAGE = 500;
export const MOST = 5_000;
const NS_PER_MS = 1e6;
const BEFORE_MS = 1_000; // the slider begins where nothing was known yet

/** As `/api/v1/moments` says it; instants in ns, larger than a number holds exactly. */
type MomentSeen = Readonly<{
  place: number;
  at: number;
  node: string;
  what: string | null;
  subject: string | null;
  version: number | null;
}>;
type MomentsSeen = Readonly<{
  begins: number | null;
  ends: number | null;
  moments: readonly MomentSeen[];
  next: number;
  complete: boolean;
}>;

/** `atMs` lies at the moment or a little after it: what was stored then stands. */
export type Moment = Omit<MomentSeen, "at"> & Readonly<{ atMs: number }>;

export class Recording {
  beginsMs = 0;
  endsMs = 0;
  readonly moments: Moment[] = [];
  #after = 0;

  /** Everything that is recorded by now. Raises NoAnswer. */
  async readOn(): Promise<void> {
    for (let isWhole = false; !isWhole; ) {
      const path = `/api/v1/moments?after=${this.#after}&limit=${PAGE}`;
      const page = await askedJson<MomentsSeen>(path);
      this.beginsMs = Math.floor((page.begins ?? 0) / NS_PER_MS) - BEFORE_MS;
      this.endsMs = Math.ceil((page.ends ?? 0) / NS_PER_MS) + 1;
      for (const { at, ...rest } of page.moments) {
        this.moments.push({ ...rest, atMs: Math.ceil(at / NS_PER_MS) + 1 });
      }
      this.#after = page.next;
      isWhole = page.complete || this.moments.length >= MOST;
    }
  }
}

/** An instant as the API takes it. */
export function asNs(ms: number): string {
  return `${Math.round(ms)}000000`;
}
