// Where a flat map looks: azimuthal equidistant about a centre, so that it has no seam anywhere near.
import { geoAzimuthalEquidistant, geoDistance, type GeoProjection } from "d3-geo";
import { DEGREES, EARTH_RADIUS_M, type LonLat } from "./shapes";

export interface View {
  centre: LonLat;
  /** Pixels a radian. */
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

export const SMALLEST_SCALE = 120;
export const LARGEST_SCALE = 60_000;
export const HOME: View = { centre: [134, 37], scale: 1400 };
const FARTHEST_DEG = 120;
const FREE_SHARE = 0.14;
const CLOSEST_RAD = 0.25; // nearer only by hand

export function projectionOf(view: View, size: Size): GeoProjection {
  return geoAzimuthalEquidistant()
    .rotate([-view.centre[0], -view.centre[1]])
    .clipAngle(FARTHEST_DEG)
    .scale(view.scale)
    .translate([size.width / 2, size.height / 2])
    .precision(0.6);
}

/** The view that holds all the places. */
export function viewOf(places: readonly LonLat[], size: Size): View {
  if (places.length === 0) return HOME;
  let view: View = { centre: middleOf(places), scale: 1 };
  for (let round = 0; round < 3; round += 1) {
    const project = projectionOf({ ...view, scale: 1000 }, size);
    const points = places.map((place): [number, number] => project(place) ?? [0, 0]);
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const wide = Math.max((right - left) / 1000, CLOSEST_RAD);
    const high = Math.max((bottom - top) / 1000, CLOSEST_RAD);
    const centre = project.invert?.([(left + right) / 2, (top + bottom) / 2]) ?? view.centre;
    const share = 1 - 2 * FREE_SHARE;
    const scale = bounded(Math.min((size.width * share) / wide, (size.height * share) / high));
    view = { centre, scale };
  }
  return view;
}

/** Whether every place is in the picture. */
export function holds(view: View, size: Size, places: readonly LonLat[]): boolean {
  const project = projectionOf(view, size);
  return places.every((place) => {
    const [x, y] = project(place) ?? [-1, -1];
    return x >= 0 && y >= 0 && x <= size.width && y <= size.height;
  });
}

export function panned(view: View, size: Size, dx: number, dy: number): View {
  const centre = projectionOf(view, size).invert?.([size.width / 2 - dx, size.height / 2 - dy]);
  return centre ? { ...view, centre: [centre[0], Math.max(-88, Math.min(88, centre[1]))] } : view;
}

/** Nearer or farther, with the place under a pixel kept under it. */
export function zoomed(view: View, size: Size, factor: number, x: number, y: number): View {
  const scale = bounded(view.scale * factor);
  const share = scale / view.scale - 1;
  const [dx, dy] = [(size.width / 2 - x) * share, (size.height / 2 - y) * share];
  return panned({ ...view, scale }, size, dx, dy);
}

/** How far the corners are from the centre, in degrees. */
export function reachDeg(view: View, size: Size): number {
  return Math.min(FARTHEST_DEG, (Math.hypot(size.width, size.height) / 2 / view.scale) * DEGREES);
}

export function apartDeg(one: LonLat, other: LonLat): number {
  return geoDistance(one, other) * DEGREES;
}

export function pixelsOf(view: View, lengthM: number): number {
  return (lengthM / EARTH_RADIUS_M) * view.scale;
}

function bounded(scale: number): number {
  return Math.max(SMALLEST_SCALE, Math.min(LARGEST_SCALE, scale));
}

function middleOf(places: readonly LonLat[]): LonLat {
  let [x, y, z] = [0, 0, 0];
  for (const [east, north] of places) {
    const cosine = Math.cos(north / DEGREES);
    x += cosine * Math.cos(east / DEGREES);
    y += cosine * Math.sin(east / DEGREES);
    z += Math.sin(north / DEGREES);
  }
  return [Math.atan2(y, x) * DEGREES, Math.atan2(z, Math.hypot(x, y)) * DEGREES];
}
