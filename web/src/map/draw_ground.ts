// Sea, land, borders, the grid of degrees: what changes only when the view does.
import { geoGraticule, geoPath } from "d3-geo";
import type { Cap, Ground, Piece } from "./ground";
import type { Ink } from "./ink";
import { apartDeg, projectionOf, reachDeg, type Size, type View } from "./view";

const STEPS_DEG = [1, 2, 5, 10, 20, 30];
const GRID_LINES = 8;

/** Draws it; `overflown` are the numbers of countries under the flight, in `ground.countries`. */
export function drawGround(
  context: CanvasRenderingContext2D,
  ground: Ground | undefined,
  overflown: readonly number[],
  view: View,
  size: Size,
  ink: Ink,
): void {
  const path = geoPath(projectionOf(view, size), context);
  const reach = reachDeg(view, size);
  const isInView = (cap: Cap): boolean => apartDeg(cap.centre, view.centre) <= reach + cap.radiusDeg;
  context.fillStyle = ink.sea;
  context.fillRect(0, 0, size.width, size.height);
  const step = STEPS_DEG.find((degrees) => (2 * reach) / degrees <= GRID_LINES) ?? 30;
  context.strokeStyle = ink.grid;
  context.lineWidth = 0.7;
  context.beginPath();
  path(geoGraticule().step([step, step])());
  context.stroke();
  if (ground === undefined) return;
  const shapes = <Shape>(pieces: readonly Piece<Shape>[]): Shape[] =>
    pieces.filter(isInView).map((piece) => piece.shape);
  context.beginPath();
  for (const polygon of shapes(ground.land)) path(polygon);
  context.fillStyle = ink.land;
  context.fill();
  context.strokeStyle = ink.coast;
  context.lineWidth = 0.9;
  context.stroke();
  context.fillStyle = ink.overflown;
  for (const number of overflown) {
    const country = ground.countries.features[number];
    if (country === undefined) continue;
    context.beginPath();
    path(country);
    context.fill();
  }
  context.strokeStyle = ink.border;
  context.lineWidth = 0.9;
  context.beginPath();
  for (const line of shapes(ground.borders)) path(line);
  context.stroke();
}
