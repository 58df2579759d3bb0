// Everything of a scene on a flat map, and where each object stands, for who clicks on it.
import { type GeoPath, geoPath, type GeoProjection } from "d3-geo";
import { say } from "../shared/words";
import { FONT, type Ink } from "./ink";
import { LABEL_HEIGHT_PX, LabelBoard } from "./labels";
import { drawMark, type Mark } from "./marks";
import { namedPlaces } from "./places";
import { type Scene, type SceneTrack, type SceneWarning, type Step, WIDE_FAN_RAD } from "./scene";
import { apartDeg, projectionOf, reachDeg, type Size, type View } from "./view";
import type { LonLat } from "./shapes";

export interface Spot {
  id: string;
  x: number;
  y: number;
}

export interface Shown {
  scene: Scene;
  picked: string | undefined;
  hasCoverage: boolean;
  language: string;
}

const MANY_TRACKS = 60;
const SAME_LABEL_PX = 160; // two warnings of one launch say it once

interface Pen {
  context: CanvasRenderingContext2D;
  ink: Ink;
  path: GeoPath;
  project: GeoProjection;
  board: LabelBoard;
  isInView: (place: LonLat) => boolean;
  spots: Spot[];
  labels: { text: string; x: number; y: number; colour: string; strong: boolean }[];
}

/** Draws the scene above its ground; what can be picked comes back. */
export function drawScene(
  context: CanvasRenderingContext2D,
  shown: Shown,
  view: View,
  size: Size,
  ink: Ink,
): Spot[] {
  const project = projectionOf(view, size);
  const reach = reachDeg(view, size);
  const pen: Pen = {
    context,
    ink,
    project,
    path: geoPath(project, context),
    board: new LabelBoard(size.width, size.height),
    isInView: (place) => apartDeg(place, view.centre) <= reach,
    spots: [],
    labels: [],
  };
  const { scene } = shown;
  if (shown.hasCoverage) for (const sensor of scene.sensors) coverage(pen, sensor.coverage);
  const isCrowded = scene.tracks.length > MANY_TRACKS;
  for (const warning of scene.warnings) areas(pen, warning, warning.id === shown.picked);
  // Ours stand above what partners say of the same.
  const tracks = scene.tracks.toSorted((one, other) => Number(one.isOwn) - Number(other.isOwn));
  for (const track of tracks) lines(pen, track, track.id === shown.picked, isCrowded);
  for (const sensor of scene.sensors) {
    const isRadar = sensor.said.kind === "radar";
    mark(pen, sensor.id, isRadar ? "radar" : "infrared", sensor.place, 5, ink.sensor, shown.picked);
  }
  for (const warning of scene.warnings) points(pen, warning, shown.picked);
  for (const track of tracks) head(pen, track, shown.picked, isCrowded);
  for (const sensor of scene.sensors) label(pen, sensor.said.sensor, sensor.place, ink.sensor, false);
  for (const place of namedPlaces(view.scale)) {
    const point = pen.isInView(place.at) ? project(place.at) : null;
    if (point === null) continue;
    const [x, y] = point;
    if (label(pen, place[shown.language === "ko" ? "ko" : shown.language === "ja" ? "ja" : "en"], place.at, ink.name, false)) {
      context.fillStyle = ink.name;
      context.beginPath();
      context.arc(x, y, 1.8, 0, 2 * Math.PI);
      context.fill();
    }
  }
  write(pen);
  return pen.spots;
}

function coverage(pen: Pen, ring: LonLat[] | undefined): void {
  if (ring === undefined) return;
  const { context, ink, path } = pen;
  context.beginPath();
  path({ type: "LineString", coordinates: ring });
  context.strokeStyle = ink.sensor;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  context.setLineDash([1.5, 4]);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function areas(pen: Pen, warning: SceneWarning, isPicked: boolean): void {
  const { ink } = pen;
  if (warning.fan !== undefined) {
    const isNarrow = (warning.said.fan?.half_width_rad ?? 0) < WIDE_FAN_RAD; // else all would be red
    area(pen, warning.fan, ink.impact, isNarrow ? ink.impactGround : undefined, true, isPicked);
  }
  if (warning.launch !== undefined) area(pen, warning.launch.ring, ink.launch, undefined, false, isPicked);
  if (warning.impact !== undefined)
    area(pen, warning.impact.ring, ink.impact, ink.impactGround, true, isPicked);
}

function area(
  pen: Pen,
  ring: LonLat[],
  colour: string,
  ground: string | undefined,
  isPredicted: boolean,
  isPicked: boolean,
): void {
  const { context, path } = pen;
  context.beginPath();
  path({ type: "Polygon", coordinates: [ring] });
  if (ground !== undefined) {
    context.fillStyle = ground;
    context.fill();
  }
  context.strokeStyle = colour;
  context.lineWidth = isPicked ? 2.6 : 1.5;
  context.setLineDash(isPredicted ? [6, 4] : []);
  context.stroke();
  context.setLineDash([]);
}

function lines(pen: Pen, track: SceneTrack, isPicked: boolean, isCrowded: boolean): void {
  const colour = track.isOwn ? pen.ink.own : pen.ink.partner;
  const width = (track.leads ? 2.4 : 1.2) + (isPicked ? 1.2 : 0);
  if (isCrowded && !isPicked) {
    polyline(pen, ends(track.past, track.place), colour, 1, []);
    return;
  }
  polyline(pen, ends(track.past, track.place), colour, width, []);
  if (track.leads || isPicked) polyline(pen, placesIn(track.predicted), colour, width, [7, 6]);
}

function placesIn(steps: readonly Step[]): LonLat[] {
  return steps.map((step) => step.place);
}

function ends(past: readonly Step[], now: LonLat | undefined): LonLat[] {
  return now === undefined ? placesIn(past) : [...placesIn(past), now];
}

function polyline(pen: Pen, places: LonLat[], colour: string, width: number, dash: number[]): void {
  if (places.length < 2) return;
  const { context, ink, path } = pen;
  context.lineJoin = "round";
  context.lineCap = "round";
  context.beginPath();
  path({ type: "LineString", coordinates: places });
  if (width > 1.5 && dash.length === 0) {
    context.strokeStyle = ink.halo;
    context.lineWidth = width + 3;
    context.stroke();
  }
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
  context.lineCap = "butt";
}

function points(pen: Pen, warning: SceneWarning, picked: string | undefined): void {
  const { ink } = pen;
  const half = warning.leads ? 6.5 : 4;
  if (warning.launch !== undefined) {
    mark(pen, warning.id, "launch", warning.launch.place, half, ink.launch, picked);
    if (warning.leads) label(pen, say("map.launch"), warning.launch.place, ink.launch, true);
  }
  if (warning.impact !== undefined) {
    mark(pen, warning.id, "impact", warning.impact.place, half, ink.impact, picked);
    const time = new Date(warning.impact.atMs).toISOString().slice(11, 19);
    if (warning.leads)
      label(pen, say("map.impact_at", { name: warning.label, time }), warning.impact.place, ink.impact, true);
  }
}

function head(pen: Pen, track: SceneTrack, picked: string | undefined, isCrowded: boolean): void {
  if (track.place === undefined) return;
  const colour = track.isOwn ? pen.ink.own : pen.ink.partner;
  const half = isCrowded ? 2.6 : track.leads ? 6 : 4;
  mark(pen, track.id, track.isObserved ? "track" : "predicted", track.place, half, colour, picked);
  if (!track.leads && track.id !== picked) return;
  const { height_m: height, speed_mps: speed } = track.said;
  const figures = [
    height === null ? "" : `${Math.round(height / 1000).toLocaleString("en")} km`,
    speed === null ? "" : `${(speed / 1000).toFixed(1)} km/s`,
    track.isObserved ? "" : say("map.predicted"),
  ];
  label(pen, [track.label, ...figures].filter(Boolean).join("  "), track.place, colour, true);
}

function mark(
  pen: Pen,
  id: string,
  kind: Mark,
  place: LonLat,
  half: number,
  colour: string,
  picked: string | undefined,
): void {
  const point = pen.isInView(place) ? pen.project(place) : null;
  if (point === null) return;
  const [x, y] = point;
  if (id === picked) {
    pen.context.beginPath();
    pen.context.arc(x, y, half + 6, 0, 2 * Math.PI);
    pen.context.strokeStyle = pen.ink.picked;
    pen.context.lineWidth = 2.5;
    pen.context.stroke();
  }
  drawMark(pen.context, kind, x, y, half, colour, pen.ink.halo);
  pen.board.block(x, y, half);
  pen.spots.push({ id, x, y });
}

function label(pen: Pen, text: string, place: LonLat, colour: string, strong: boolean): boolean {
  const point = pen.isInView(place) ? pen.project(place) : null;
  if (point === null) return false;
  pen.context.font = font(strong);
  const at = pen.board.place(point[0], point[1], pen.context.measureText(text).width);
  if (at === undefined) return false;
  if (pen.labels.some((one) => one.text === text && Math.hypot(one.x - at[0], one.y - at[1]) < SAME_LABEL_PX))
    return false;
  pen.labels.push({ text, x: at[0], y: at[1], colour, strong });
  return true;
}

function write(pen: Pen): void {
  const { context, ink } = pen;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const one of pen.labels) {
    context.font = font(one.strong);
    context.strokeStyle = ink.halo;
    context.lineWidth = 3.5;
    context.strokeText(one.text, one.x, one.y);
    context.fillStyle = one.colour;
    context.fillText(one.text, one.x, one.y);
  }
}

function font(strong: boolean): string {
  return `${strong ? 650 : 450} ${LABEL_HEIGHT_PX - (strong ? 4 : 5)}px ${FONT}`;
}
