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

/** The words of a key, each `{name}` replaced by its value. */
export function say(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}
