// What `/api/v1/alarms` answers. Instants are ns, as numbers of JSON: exact to a microsecond.
export type Severity = "critical" | "serious" | "advisory";

export interface Alarm {
  readonly name: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly source: string;
  readonly about: string;
  readonly version: number | null;
  readonly object_class: string | null;
  readonly impact_at: number | null;
  readonly raised_at: number;
  readonly raised: number;
  readonly why: string;
  readonly acknowledged: { readonly who: string; readonly at: number } | null;
  readonly over_at: number | null;
  readonly silenced: boolean;
}

export interface Group {
  readonly kind: string;
  readonly severity: Severity;
  readonly source: string;
  readonly count: number;
  readonly unacknowledged: number;
}

export interface Alarms {
  readonly at: number;
  readonly shift: { readonly who: string; readonly since: number } | null;
  readonly unacknowledged: number;
  readonly worst: Severity | null;
  readonly sounding: Severity | null;
  readonly silenced_s: number;
  readonly silenced_by: string | null;
  readonly sound_again_s: Readonly<Record<Severity, number | null>>;
  readonly left_out: number;
  readonly alarms: readonly Alarm[];
  readonly groups: readonly Group[];
}

export const SEVERITIES: readonly Severity[] = ["critical", "serious", "advisory"];
