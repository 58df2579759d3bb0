// When an alarm sounds: the node says what sounds and how soon again; this keeps the time.
import type { Player } from "./player";
import { type Alarms, SEVERITIES, type Severity } from "./seen";
import { lengthS, TONES } from "./tones";

const BETWEEN_S = 0.6;

/** What was sounded last, and for which state of the list. */
interface Sounded {
  readonly severity: Severity;
  readonly newest: number;
  readonly unacknowledged: number;
  readonly atMs: number;
}

/** Whether `alarms` has to sound now, after what was sounded last. */
export function isDue(alarms: Alarms, last: Sounded | null, nowMs: number): boolean {
  const severity = alarms.sounding;
  if (severity === null) return false;
  if (last === null || isWorse(severity, last.severity)) return true;
  if (newestOf(alarms) > last.newest || alarms.unacknowledged > last.unacknowledged) return true;
  const againS = alarms.sound_again_s[severity];
  return againS !== null && nowMs - last.atMs >= againS * 1000;
}

/** Sounds what is due; while the player is mute it stays due. */
export class Sounding {
  #last: Sounded | null = null;
  #busyUntilMs = 0;
  readonly #player: Player;

  constructor(player: Player) {
    this.#player = player;
  }

  /** Every severity once, the worst first. */
  test(nowMs: number): void {
    let atS = 0;
    for (const severity of SEVERITIES) {
      const begins = atS;
      this.#player.play(TONES[severity].map((tone) => ({ ...tone, atS: tone.atS + begins })));
      atS += lengthS(TONES[severity]) + BETWEEN_S;
    }
    this.#busyUntilMs = nowMs + atS * 1000;
  }

  /** Look at what stands; a few times a second. */
  look(alarms: Alarms, nowMs: number): void {
    if (alarms.sounding === null) this.#last = null;
    if (!this.#player.isReady || nowMs < this.#busyUntilMs) return;
    if (alarms.sounding === null || !isDue(alarms, this.#last, nowMs)) {
      this.#follow(alarms);
      return;
    }
    this.#player.play(TONES[alarms.sounding]);
    this.#busyUntilMs = nowMs + lengthS(TONES[alarms.sounding]) * 1000;
    this.#last = {
      severity: alarms.sounding,
      newest: newestOf(alarms),
      unacknowledged: alarms.unacknowledged,
      atMs: nowMs,
    };
  }

  /** Fewer and less bad ones sound no earlier; the next that comes does. */
  #follow(alarms: Alarms): void {
    if (this.#last === null || alarms.sounding === null) return;
    this.#last = {
      ...this.#last,
      severity: alarms.sounding,
      unacknowledged: Math.min(this.#last.unacknowledged, alarms.unacknowledged),
    };
  }
}

function isWorse(severity: Severity, than: Severity): boolean {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(than);
}

function newestOf(alarms: Alarms): number {
  const sounding = alarms.alarms.filter((one) => one.acknowledged === null && !one.silenced);
  return Math.max(0, ...sounding.map((one) => one.raised_at));
}
