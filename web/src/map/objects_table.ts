// Every object of the map as a row, bounded; a row picks its object.
import { html, nothing, type TemplateResult } from "lit";
import { say } from "../shared/words";
import { heightText, placeText } from "./figures";
import type { Scene } from "./scene";

export interface ObjectRow {
  id: string;
  kind: string;
  name: string;
  owner: string;
  place: string;
  height: string;
  state: string;
}

export const MAXIMUM_ROWS = 200;

/** A row for each object: what is warned of first. */
export function objectRows(scene: Scene): ObjectRow[] {
  return [
    ...scene.warnings.flatMap((one) => [
      ...(one.launch === undefined ? [] : [areaRow(one.id, say("map.launch_area"), one.label, one.node, one.launch)]),
      ...(one.impact === undefined
        ? []
        : [areaRow(one.id, say("map.impact_area"), one.label, one.node, one.impact, say("map.predicted"))]),
      ...(one.fan === undefined
        ? []
        : [{ id: one.id, kind: say("map.fan"), name: one.label, owner: one.node, place: "", height: "", state: say("map.predicted") }]),
    ]),
    ...scene.tracks.map((one) => ({
      id: one.id,
      kind: say("map.track"),
      name: one.label,
      owner: one.said.node,
      place: one.place === undefined ? say("map.withheld") : placeText(one.place),
      height: heightText(one.said.height_m),
      state: one.isObserved ? say("map.observed") : say("map.predicted"),
    })),
    ...scene.sensors.map((one) => ({
      id: one.id,
      kind: one.said.kind === "radar" ? say("map.radar") : say("map.infrared"),
      name: one.said.sensor,
      owner: one.said.nation,
      place: placeText(one.place),
      height: heightText(one.said.height_m),
      state: "",
    })),
  ];
}

function areaRow(
  id: string,
  kind: string,
  name: string,
  owner: string,
  area: { place: [number, number] },
  state = "",
): ObjectRow {
  return { id, kind, name, owner, place: placeText(area.place), height: "", state };
}

export function objectsTable(
  scene: Scene,
  picked: string | undefined,
  pick: (id: string) => void,
): TemplateResult {
  const rows = objectRows(scene);
  const heads = ["map.kind", "map.name", "map.owner", "map.place", "map.height", "map.state"] as const;
  return html`<details open>
    <summary>${say("map.objects", { count: rows.length })}</summary>
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${say(head)}</th>`)}
          <th scope="col">${say("map.show")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.slice(0, MAXIMUM_ROWS).map(
          (row) => html`<tr class=${row.id === picked ? "picked" : ""}>
            <td>${row.kind}</td>
            <th scope="row">${row.name}</th>
            <td>${row.owner}</td>
            <td>${row.place}</td>
            <td>${row.height}</td>
            <td>${row.state}</td>
            <td>
              <button
                aria-pressed=${String(row.id === picked)}
                aria-label=${`${say("map.show")}: ${row.kind} ${row.name}`}
                @click=${() => pick(row.id)}
              >
                ${say("map.show")}
              </button>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${rows.length > MAXIMUM_ROWS
      ? html`<p>${say("map.more", { count: rows.length - MAXIMUM_ROWS })}</p>`
      : nothing}
  </details>`;
}
