// Figures of a map in words.
import { say } from "../shared/words";
import type { Ellipse, GeoPoint } from "./answers";
import { DEGREES, type LonLat } from "./shapes";

export function placeText([east, north]: LonLat): string {
  return `${side(north, "N", "S")} ${side(east, "E", "W")}`;
}

function side(degrees: number, above: string, below: string): string {
  return `${Math.abs(degrees).toFixed(2)}${degrees < 0 ? below : above}`;
}

export function pointText(point: GeoPoint): string {
  return placeText([point.longitude_rad * DEGREES, point.latitude_rad * DEGREES]);
}

export function ellipseText(ellipse: Ellipse): string {
  const km = (metres: number): string => (metres / 1000).toPrecision(2).replace(/\.?0*e.*/, "");
  return `${km(ellipse.semi_major_m)} × ${km(ellipse.semi_minor_m)} km (${Math.round(100 * ellipse.probability)} %)`;
}

/** An instant in ns, in UTC and in this browser's own time. */
export function instantText(ns: number): string {
  const at = new Date(ns / 1e6);
  return `${at.toISOString().slice(11, 19)}Z (${at.toLocaleTimeString(undefined, { timeZoneName: "short" })})`;
}

export function heightText(heightM: number | null): string {
  return heightM === null ? say("map.withheld") : `${Math.round(heightM / 1000).toLocaleString("en")} km`;
}

export function speedText(speedMps: number | null): string {
  return speedMps === null ? say("map.withheld") : `${Math.round(speedMps).toLocaleString("en")} m/s`;
}
