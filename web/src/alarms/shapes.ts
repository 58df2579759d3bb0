// A shape for each severity, so that no meaning hangs on a colour; an outline once it was seen.
import { html, type TemplateResult } from "lit";
import type { Severity } from "./seen";

const TEMPLATES: Readonly<Record<Severity, TemplateResult>> = {
  critical: shape("M8 1 15.5 15 .5 15Z"),
  serious: shape("M8 .5 15.5 8 8 15.5 .5 8Z"),
  advisory: shape("M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13Z"),
};

/** Triangle, diamond, circle. */
export function shapeOf(severity: Severity): TemplateResult {
  return TEMPLATES[severity];
}

function shape(path: string): TemplateResult {
  return html`<svg viewBox="-1 -1 18 18" aria-hidden="true"><path d=${path}></path></svg>`;
}
