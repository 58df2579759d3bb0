// Plays tones with WebAudio: no file, no other host. A browser lets none sound before a gesture.
import type { Tone } from "./tones";

const LOUDNESS = 0.4;
const SOFT_EDGE_S = 0.01; // no click at the ends of a tone
const SOON_S = 0.02;
const BEGUN_WITHIN_MS = 2000;

/** What the page needs of whatever makes sounds. */
export interface Player {
  /** Whether a tone that is played now can be heard. */
  readonly isReady: boolean;
  /** Make ready, within a gesture of a person. */
  begin(): Promise<boolean>;
  /** All of them, the first one soon. */
  play(tones: readonly Tone[]): void;
}

export class AudioPlayer implements Player {
  #audio: AudioContext | undefined;
  readonly #changed: () => void;

  /** `changed`: called whenever it may have become ready, or no longer is. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get isReady(): boolean {
    return this.#audio?.state === "running";
  }

  async begin(): Promise<boolean> {
    this.#audio ??= this.#made();
    const waited = new Promise((resolve) => setTimeout(resolve, BEGUN_WITHIN_MS));
    await Promise.race([this.#audio.resume(), waited]); // a machine without sound never answers
    return this.isReady;
  }

  play(tones: readonly Tone[]): void {
    if (this.#audio === undefined) return;
    for (const tone of tones) start(this.#audio, tone);
  }

  #made(): AudioContext {
    const audio = new AudioContext();
    audio.addEventListener("statechange", this.#changed);
    return audio;
  }
}

function start(audio: AudioContext, tone: Tone): void {
  const begins = audio.currentTime + SOON_S + tone.atS;
  const ends = begins + tone.forS;
  const loudness = audio.createGain();
  loudness.gain.setValueAtTime(0, begins);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, begins + SOFT_EDGE_S);
  loudness.gain.setValueAtTime(LOUDNESS, ends - SOFT_EDGE_S);
  loudness.gain.linearRampToValueAtTime(0, ends);
  const source = audio.createOscillator();
  source.type = "triangle";
  source.frequency.value = tone.hertz;
  source.connect(loudness).connect(audio.destination);
  source.addEventListener("ended", () => loudness.disconnect());
  source.start(begins);
  source.stop(ends);
}
