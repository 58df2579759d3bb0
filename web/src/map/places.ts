// Capitals and large cities, in three languages, as many as a map's scale has room for.
import type { LonLat } from "./shapes";
import places from "./places.json";

export interface NamedPlace {
  at: LonLat;
  rank: number;
  en: string;
  ko: string;
  ja: string;
}

const PLACES = (places as NamedPlace[]).toSorted((one, other) => one.rank - other.rank);
const SCALE_OF_RANK = [0, 0, 700, 2200];

/** The greatest first. */
export function namedPlaces(scale: number): NamedPlace[] {
  return PLACES.filter((place) => scale >= (SCALE_OF_RANK[place.rank] ?? Infinity));
}
