// What each severity sounds like: told apart by rhythm and number of tones as well as by pitch.
import type { Severity } from "./seen";

export interface Tone {
  readonly atS: number;
  readonly forS: number;
  readonly hertz: number;
}

const PULSE_S = 0.14;

export const TONES: Readonly<Record<Severity, readonly Tone[]>> = {
  critical: [0, 0.2, 0.4, 0.8, 1.0, 1.4, 1.6, 1.8, 2.2, 2.4].map((atS, number) => ({
    atS,
    forS: PULSE_S,
    hertz: number % 2 === 0 ? 988 : 784,
  })),
  serious: [0, 0.45, 0.9].map((atS) => ({ atS, forS: 0.3, hertz: 587 })),
  advisory: [{ atS: 0, forS: 0.6, hertz: 392 }],
};

/** When the last of them has ended, after the first began. */
export function lengthS(tones: readonly Tone[]): number {
  return Math.max(...tones.map((tone) => tone.atS + tone.forS));
}
