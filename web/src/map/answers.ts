// The parts of the API's answers that a map shows, as `docs/http.md` gives them. Angles are radians.

export interface GeoPoint {
  latitude_rad: number;
  longitude_rad: number;
}

export interface Ellipse {
  semi_major_m: number;
  semi_minor_m: number;
  azimuth_rad: number;
  probability: number;
}

export interface LaunchSaid {
  point: GeoPoint;
  ellipse: Ellipse;
  at: number;
  sigma_time_s: number;
  azimuth_rad: number;
}

export interface ImpactSaid {
  point: GeoPoint;
  ellipse: Ellipse;
  at: number;
  sigma_time_s: number;
}

export interface FanSaid {
  origin: GeoPoint;
  azimuth_rad: number;
  half_width_rad: number;
  minimum_range_m: number;
  maximum_range_m: number;
}

export interface WarningSaid {
  warning_id: string | null;
  version: number | null;
  action: string | null;
  node: string | null;
  nation: string | null;
  track_id: string | null;
  stated_at: number | null;
  first_observed_at: number | null;
  data_at: number | null;
  track_status: string | null;
  phase: string | null;
  confirmation: string | null;
  sensors: string[] | null;
  sensor_kinds: string[] | null;
  classification: { object_class: string; probability: number }[] | null;
  launch: LaunchSaid | null;
  impact: ImpactSaid | null;
  fan: FanSaid | null;
  flight: { apogee_m: number; range_m: number; flight_time_s: number } | null;
  caveats: string[] | null;
  withheld: string[];
}

export interface ThreatSaid {
  own: WarningSaid | null;
  partners: { node: string; record_id: string; came_at: number; warning: WarningSaid }[];
}

export interface WarningsAnswer {
  node: string;
  realm: string;
  at: number;
  threats: ThreatSaid[];
}

export interface TrackSaid {
  node: string;
  nation: string;
  track_id: string;
  status: string | null;
  phase: string | null;
  data_age_s: number | null;
  sensors: string[] | null;
  latitude_rad: number | null;
  longitude_rad: number | null;
  height_m: number | null;
  speed_mps: number | null;
  sigma_position_m: number | null;
  withheld: string[];
  caveats: string[];
}

export interface TracksAnswer {
  node: string;
  at: number;
  objects: { tracks: TrackSaid[] }[];
}

/** Instant in ns, latitude and longitude in radians, height in metres. */
export type StepSaid = [number, number, number, number];

export interface PathsAnswer {
  at: number;
  paths: { node: string; track_id: string; past: StepSaid[]; predicted: StepSaid[] }[];
}

export interface SiteSaid {
  sensor: string;
  nation: string;
  kind: string;
  latitude_rad: number;
  longitude_rad: number;
  height_m: number;
  maximum_range_m: number | null;
  moves: boolean;
}

export interface SitesAnswer {
  sites: SiteSaid[];
}
