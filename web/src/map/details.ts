// Everything that is known of the picked object: owner, sources, times, what is withheld, history.
import { html, nothing, type TemplateResult } from "lit";
import { until } from "lit/directives/until.js";
import { askedJson } from "../shared/asked";
import { say } from "../shared/words";
import type { WarningSaid } from "./answers";
import { ellipseText, heightText, instantText, placeText, pointText, speedText } from "./figures";
import type { Scene, SceneSensor, SceneTrack, SceneWarning } from "./scene";

type Line = readonly [string, string];

interface Found {
  record_id: string;
  originator: string;
  stored_at: number;
  version: number | null;
  action: string | null;
  recalled: boolean;
}

/** A section about it; nothing where nothing is picked, or what was is gone. */
export function details(
  scene: Scene,
  picked: string | undefined,
  close: () => void,
): TemplateResult | typeof nothing {
  if (picked === undefined) return nothing;
  const warning = scene.warnings.find((one) => one.id === picked);
  const track = scene.tracks.find((one) => one.id === picked);
  const sensor = scene.sensors.find((one) => one.id === picked);
  const name = warning?.label ?? track?.label ?? sensor?.said.sensor;
  const lines = warning
    ? warningLines(warning)
    : track
      ? trackLines(track)
      : sensor
        ? sensorLines(sensor)
        : [[say("map.state"), say("map.gone")] as const];
  return html`<section aria-live="polite" aria-label=${say("map.details")}>
    <h3>${name ?? say("map.gone")}</h3>
    <dl>${lines.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>
    ${warning ? history(warning.said) : nothing}
    <button @click=${close}>${say("map.close")}</button>
  </section>`;
}

function warningLines({ said, node }: SceneWarning): Line[] {
  const withheld = (name: string): boolean => said.withheld.includes(name);
  const or = (name: string, text: string | undefined): string =>
    text ?? (withheld(name) ? say("map.withheld_by", { node }) : say("map.not_known"));
  const classes = said.classification?.map(
    (one) => `${one.object_class} ${Math.round(100 * one.probability)} %`,
  );
  return [
    [say("map.owner"), node],
    [say("map.version"), or("version", said.version === null ? undefined : `v${said.version} ${said.action ?? ""}`)],
    [say("map.class"), or("classification", classes?.join(", "))],
    [say("map.state"), or("track_status", [said.track_status, said.phase, said.confirmation].filter(Boolean).join(" · "))],
    [
      say("map.launch_area"),
      or("launch", said.launch ? `${pointText(said.launch.point)}, ${ellipseText(said.launch.ellipse)}, ${instantText(said.launch.at)}` : undefined),
    ],
    [
      say("map.impact_area"),
      or("impact", said.impact ? `${say("map.predicted")}: ${pointText(said.impact.point)}, ${ellipseText(said.impact.ellipse)}, ${instantText(said.impact.at)} ± ${said.impact.sigma_time_s.toFixed(1)} s` : undefined),
    ],
    [say("map.sources"), or("sensors", said.sensors?.join(", "))],
    [say("map.data_at"), or("data_at", said.data_at === null ? undefined : instantText(said.data_at))],
    [say("map.stated_at"), or("stated_at", said.stated_at === null ? undefined : instantText(said.stated_at))],
    ...(said.caveats?.length ? [[say("map.caveats"), said.caveats.join("; ")] as const] : []),
    ...(said.withheld.length ? [[say("map.withheld_by", { node }), said.withheld.join(", ")] as const] : []),
  ];
}

function trackLines({ said, place, isObserved }: SceneTrack): Line[] {
  const known = <Value>(value: Value | null, text: (value: Value) => string): string =>
    value === null ? say("map.withheld_by", { node: said.node }) : text(value);
  return [
    [say("map.owner"), `${said.node} (${said.nation})`],
    [say("map.name"), said.track_id],
    [say("map.state"), [isObserved ? say("map.observed") : say("map.predicted"), said.phase].filter(Boolean).join(" · ")],
    [say("map.place"), place === undefined ? say("map.withheld_by", { node: said.node }) : placeText(place)],
    [say("map.height"), heightText(said.height_m)],
    [say("map.speed"), speedText(said.speed_mps)],
    [say("map.sigma"), known(said.sigma_position_m, (sigma) => `${Math.round(sigma).toLocaleString("en")} m`)],
    [say("map.sources"), known(said.sensors, (sensors) => sensors.join(", "))],
    [say("map.age"), known(said.data_age_s, (age) => `${age.toFixed(1)} s`)],
    ...(said.caveats.length ? [[say("map.caveats"), said.caveats.join("; ")] as const] : []),
    ...(said.withheld.length ? [[say("map.withheld_by", { node: said.node }), said.withheld.join(", ")] as const] : []),
  ];
}

function sensorLines({ said, place }: SceneSensor): Line[] {
  const range = said.maximum_range_m;
  return [
    [say("map.owner"), said.nation],
    [say("map.kind"), said.kind === "radar" ? say("map.radar") : say("map.infrared")],
    [say("map.place"), placeText(place)],
    [say("map.height"), heightText(said.height_m)],
    ...(range === null ? [] : [[say("map.reach"), `${Math.round(range / 1000).toLocaleString("en")} km`] as const]),
  ];
}

const MAXIMUM_VERSIONS = 50;
let kept: { key: string; found: Promise<TemplateResult> } | undefined;

function history(said: WarningSaid): TemplateResult {
  const key = `${said.warning_id ?? ""} ${said.version ?? ""}`;
  if (kept?.key !== key) kept = { key, found: asked(said.warning_id ?? "") };
  return html`<h4>${say("map.history")}</h4>
    ${until(kept.found, html`<p>…</p>`)}`;
}

async function asked(warning: string): Promise<TemplateResult> {
  const query = new URLSearchParams({ kind: "launch_warning", subject: warning, limit: String(MAXIMUM_VERSIONS) });
  try {
    const { records } = await askedJson<{ records: Found[] }>(`/api/v1/records?${query.toString()}`);
    return html`<ol>
      ${records.map((one) => html`<li>
        ${instantText(one.stored_at)}: ${one.originator} ${one.version === null ? "" : `v${one.version}`}
        ${one.action ?? ""} ${one.recalled ? say("map.recalled") : ""}
        <a href=${`/records/${one.record_id}`}>${one.record_id.slice(0, 12)}</a>
      </li>`)}
    </ol>`;
  } catch (error) {
    return html`<p>${error instanceof Error ? error.message : String(error)}</p>`;
  }
}
