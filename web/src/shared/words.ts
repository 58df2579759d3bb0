// The console's words in the language of the page: the same catalogue that the server reads.
import type english from "../../../src/bongsu/console/data/words/en.json";

export type Key = keyof typeof english;
type Catalogue = Readonly<Record<Key, string>>;

const CATALOGUES: Readonly<Record<string, () => Promise<{ default: Catalogue }>>> = {
  en: () => import("../../../src/bongsu/console/data/words/en.json"),
  ko: () => import("../../../src/bongsu/console/data/words/ko.json"),
  ja: () => import("../../../src/bongsu/console/data/words/ja.json"),
};

/** The language of this page, as the server wrote it. */
export const language = document.documentElement.lang in CATALOGUES ? document.documentElement.lang : "en";

const load = CATALOGUES[language] ?? (() => import("../../../src/bongsu/console/data/words/en.json"));
const words: Catalogue = (await load()).default;
const inEnglish: Catalogue = (await CATALOGUES.en!()).default;

/** The words of a key, each `{name}` replaced by its value. */
export function say(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

/** A text that our own code states in English, in the language of the page; `part` begins its keys.
 *
 * It is found by the English catalogue: what is not there is somebody's own words, and stays.
 */
export function translated(part: string, text: string): string {
  const keys = Object.keys(inEnglish) as Key[];
  const key = keys.find((one) => one.startsWith(`${part}.`) && inEnglish[one] === text);
  return key === undefined ? text : words[key];
}
