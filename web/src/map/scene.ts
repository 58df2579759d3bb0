// What a map, a globe and their table show: one list, whatever draws it.
import type { PathsAnswer, SiteSaid, StepSaid, TracksAnswer, TrackSaid, WarningsAnswer, WarningSaid } from "./answers";
import { circleRing, DEGREES, ellipseRing, fanRing, type LonLat, lonLat } from "./shapes";

export interface Step {
  atMs: number;
  place: LonLat;
  heightM: number;
}

export interface SceneTrack {
  id: string;
  label: string;
  said: TrackSaid;
  /** Undefined where it is withheld. */
  place: LonLat | undefined;
  isObserved: boolean;
  isOwn: boolean;
  /** Of the tracks of one object the first leads: it is labelled. */
  leads: boolean;
  past: Step[];
  predicted: Step[];
}

export interface SceneArea {
  place: LonLat;
  ring: LonLat[];
  atMs: number;
}

export interface SceneWarning {
  id: string;
  label: string;
  node: string;
  isOwn: boolean;
  leads: boolean;
  said: WarningSaid;
  launch: SceneArea | undefined;
  impact: SceneArea | undefined;
  fan: LonLat[] | undefined;
}

export interface SceneSensor {
  id: string;
  said: SiteSaid;
  place: LonLat;
  coverage: LonLat[] | undefined;
}

export interface Scene {
  node: string;
  realm: string;
  atMs: number;
  tracks: SceneTrack[];
  warnings: SceneWarning[];
  sensors: SceneSensor[];
}

export const NOTHING: Scene = { node: "", realm: "", atMs: 0, tracks: [], warnings: [], sensors: [] };

export type Paths = ReadonlyMap<string, { past: Step[]; predicted: Step[] }>;

export const WIDE_FAN_RAD = 0.6; // wider ones would only show the whole Earth
const FAR_SENSOR_M = 10_000_000;

/** Everything that these answers hold of places. */
export function sceneOf(
  warnings: WarningsAnswer,
  tracks: TracksAnswer,
  paths: Paths,
  sites: readonly SiteSaid[],
): Scene {
  const seen = warningsOf(warnings);
  const labels = new Map(
    seen.flatMap((one) => (one.said.track_id === null ? [] : [[one.said.track_id, one.label]])),
  );
  return {
    node: warnings.node,
    realm: warnings.realm,
    atMs: warnings.at / 1e6,
    warnings: seen,
    tracks: tracks.objects.flatMap((object) =>
      object.tracks.map((track, number) => trackOf(track, number === 0, warnings.node, paths, labels)),
    ),
    sensors: sites.map(sensorOf),
  };
}

function warningsOf(answer: WarningsAnswer): SceneWarning[] {
  return answer.threats.flatMap((threat) => [
    ...(threat.own === null ? [] : [warningOf(threat.own, answer.node, true, true)]),
    ...threat.partners.map((partner, number) =>
      warningOf(partner.warning, partner.node, false, threat.own === null && number === 0),
    ),
  ]);
}

function warningOf(said: WarningSaid, node: string, isOwn: boolean, leads: boolean): SceneWarning {
  const { launch, impact, fan } = said;
  return {
    id: `warning ${node} ${said.warning_id ?? ""}`,
    label: said.warning_id ?? node,
    node,
    isOwn,
    leads,
    said,
    launch: launch === null ? undefined : areaOf(launch),
    impact: impact === null ? undefined : areaOf(impact),
    fan: fan === null || impact !== null ? undefined : fanRing(fan),
  };
}

function areaOf(area: NonNullable<WarningSaid["launch"] | WarningSaid["impact"]>): SceneArea {
  return { place: lonLat(area.point), ring: ellipseRing(area.point, area.ellipse), atMs: area.at / 1e6 };
}

function trackOf(
  said: TrackSaid,
  leads: boolean,
  me: string,
  paths: Paths,
  labels: ReadonlyMap<string, string>,
): SceneTrack {
  const path = paths.get(pathName(said.node, said.track_id));
  const isKnown = said.latitude_rad !== null && said.longitude_rad !== null;
  return {
    id: `track ${said.node} ${said.track_id}`,
    label: labels.get(said.track_id) ?? `${said.nation} ${said.track_id.split("/").at(-1) ?? ""}`,
    said,
    place: isKnown
      ? lonLat({ latitude_rad: said.latitude_rad ?? 0, longitude_rad: said.longitude_rad ?? 0 })
      : undefined,
    isObserved: said.status === "observed",
    isOwn: said.node === me,
    leads,
    past: path?.past ?? [],
    predicted: path?.predicted ?? [],
  };
}

function sensorOf(said: SiteSaid): SceneSensor {
  const place = lonLat(said);
  const range = said.maximum_range_m;
  return {
    id: `sensor ${said.sensor}`,
    said,
    place,
    coverage: range === null || range > FAR_SENSOR_M ? undefined : circleRing(place, range),
  };
}

export function pathName(node: string, track: string): string {
  return `${node} ${track}`;
}

/** What is known of paths, with what an answer adds; who is on no list any more is let go. */
export function pathsWith(known: Paths, answer: PathsAnswer, shown: ReadonlySet<string>): Paths {
  const found = new Map([...known].filter(([name]) => shown.has(name)));
  for (const path of found.values()) path.predicted = [];
  for (const path of answer.paths) {
    const name = pathName(path.node, path.track_id);
    const before = found.get(name)?.past ?? [];
    const newest = before.at(-1)?.atMs ?? 0;
    const past = [...before, ...path.past.map(stepOf).filter((step) => step.atMs > newest)];
    found.set(name, { past, predicted: path.predicted.map(stepOf) });
  }
  return found;
}

function stepOf([at, latitude, longitude, height]: StepSaid): Step {
  return { atMs: at / 1e6, place: [longitude * DEGREES, latitude * DEGREES], heightM: height };
}

/** Every place that should be in view. */
export function placesOf(scene: Scene): LonLat[] {
  return [
    ...scene.tracks.flatMap((track) => [
      ...(track.place === undefined ? [] : [track.place]),
      ...track.past.map((step) => step.place),
      ...track.predicted.map((step) => step.place),
    ]),
    ...scene.warnings.flatMap((one) => [
      ...(one.launch?.ring ?? []),
      ...(one.impact?.ring ?? []),
      ...(one.said.fan !== null && one.said.fan.half_width_rad < WIDE_FAN_RAD ? (one.fan ?? []) : []),
    ]),
  ];
}
