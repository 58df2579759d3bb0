// Which countries a flight passes over, past and predicted.
import { geoContains } from "d3-geo";
import type { Ground } from "./ground";
import type { Scene } from "./scene";
import type { LonLat } from "./shapes";
import { apartDeg } from "./view";

const EVERY_STEPS = 3;
const MAXIMUM_PLACES = 120;

/** Numbers of countries in `ground.countries` under the leading tracks of what is warned of. */
export function overflownOf(scene: Scene, ground: Ground): number[] {
  const places = scene.tracks
    .filter((track) => track.leads)
    .flatMap((track) => [...track.past, ...track.predicted])
    .filter((_, number) => number % EVERY_STEPS === 0)
    .slice(0, MAXIMUM_PLACES)
    .map((step) => step.place);
  const found = new Set<number>();
  for (const place of places) {
    const number = countryAt(place, ground);
    if (number >= 0) found.add(number);
  }
  return [...found];
}

const kept = new Map<string, number>();
const MAXIMUM_KEPT = 5000;

function countryAt(place: LonLat, ground: Ground): number {
  const name = `${place[0].toFixed(1)} ${place[1].toFixed(1)}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const isOnLand = ground.land.some(
    (piece) => apartDeg(piece.centre, place) <= piece.radiusDeg && geoContains(piece.shape, place),
  );
  const number = isOnLand ? ground.countries.features.findIndex((one) => geoContains(one, place)) : -1;
  if (kept.size >= MAXIMUM_KEPT) kept.clear();
  kept.set(name, number);
  return number;
}
