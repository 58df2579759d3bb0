// Shapes on the ground, on a sphere: near enough to be drawn, no figure is made of them.
import type { Ellipse, FanSaid, GeoPoint } from "./answers";

/** Longitude and latitude in degrees. */
export type LonLat = [number, number];

export const EARTH_RADIUS_M = 6_371_008.8;
export const DEGREES = 180 / Math.PI;
const OUTLINE_POINTS = 72;
const ALL_ROUND_RAD = 3.1;

export function lonLat(point: GeoPoint): LonLat {
  return [point.longitude_rad * DEGREES, point.latitude_rad * DEGREES];
}

/** The place at a distance along an azimuth (clockwise from north, radians). */
export function destination(from: LonLat, azimuth: number, distanceM: number): LonLat {
  const arc = distanceM / EARTH_RADIUS_M;
  const north = from[1] / DEGREES;
  const sine = Math.sin(north) * Math.cos(arc) + Math.cos(north) * Math.sin(arc) * Math.cos(azimuth);
  const reached = Math.asin(Math.max(-1, Math.min(1, sine)));
  const turn = Math.atan2(
    Math.sin(azimuth) * Math.sin(arc) * Math.cos(north),
    Math.cos(arc) - Math.sin(north) * Math.sin(reached),
  );
  const east = from[0] + turn * DEGREES;
  return [((((east + 180) % 360) + 360) % 360) - 180, reached * DEGREES];
}

/** The closed outline of an ellipse. */
export function ellipseRing(point: GeoPoint, ellipse: Ellipse): LonLat[] {
  const centre = lonLat(point);
  return outline((turn) => {
    const along = ellipse.semi_major_m * Math.cos(turn);
    const across = ellipse.semi_minor_m * Math.sin(turn);
    const azimuth = ellipse.azimuth_rad + Math.atan2(across, along);
    return destination(centre, azimuth, Math.hypot(along, across));
  });
}

export function circleRing(centre: LonLat, radiusM: number): LonLat[] {
  return outline((turn) => destination(centre, turn, radiusM));
}

/** The closed outline of a sector: out along one side, back along the other. */
export function fanRing(fan: FanSaid): LonLat[] {
  const origin = lonLat(fan.origin);
  if (fan.half_width_rad > ALL_ROUND_RAD) return circleRing(origin, fan.maximum_range_m);
  const steps = 32;
  const at = (share: number, rangeM: number): LonLat =>
    destination(origin, fan.azimuth_rad + fan.half_width_rad * (2 * share - 1), rangeM);
  const far = Array.from({ length: steps + 1 }, (_, n) => at(n / steps, fan.maximum_range_m));
  const near = Array.from({ length: steps + 1 }, (_, n) => at(1 - n / steps, fan.minimum_range_m));
  return [...far, ...near, at(0, fan.maximum_range_m)];
}

function outline(place: (turn: number) => LonLat): LonLat[] {
  return Array.from({ length: OUTLINE_POINTS + 1 }, (_, n) =>
    place((2 * Math.PI * (n % OUTLINE_POINTS)) / OUTLINE_POINTS),
  );
}
