// The style of <bongsu-map>: colours of dark and light, kept at 4.5:1 for text on its ground.
import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    margin: 0.6rem 0 1rem;
    --map-sea: #dbe7ee; --map-land: #f6f4ee; --map-overflown: #a3110b1a; --map-coast: #7d8f9b;
    --map-border: #a9a294; --map-grid: #c3d2db; --map-name: #3f4750; --map-halo: #ffffffe6;
    --map-own: #0b3f8f; --map-partner: #5b2d83; --map-launch: #7a4a00; --map-impact: #a3110b;
    --map-impact-ground: #a3110b26; --map-sensor: #0b5d3b; --map-picked: #16191d;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --map-sea: #0b1620; --map-land: #1d2830; --map-overflown: #ff9d941f; --map-coast: #5f7482;
      --map-border: #4b5862; --map-grid: #1a2833; --map-name: #aeb9c3; --map-halo: #0b1116e0;
      --map-own: #8cc2ff; --map-partner: #d7b3ff; --map-launch: #ffd27a; --map-impact: #ff9d94;
      --map-impact-ground: #ff9d9430; --map-sensor: #7fd8ae; --map-picked: #ffffff;
    }
  }
  .bar { display: flex; flex-wrap: wrap; gap: 0.35rem; padding: 0.35rem; background: var(--card);
    border: 1px solid var(--rule); border-bottom: 0; }
  .gap { flex: 1; }
  button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--soft);
    border-radius: 3px; padding: 0.15rem 0.7rem; cursor: pointer; }
  button[aria-pressed="true"] { background: var(--ink); color: var(--paper); }
  .stage { position: relative; border: 1px solid var(--rule); }
  canvas.flat, .round { display: block; width: 100%; height: clamp(20rem, 58vh, 46rem); touch-action: none; }
  canvas.flat { cursor: grab; }
  .round canvas { display: block; }
  [hidden] { display: none !important; }
  :focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
  .realm { position: absolute; top: 0; left: 0; margin: 0; padding: 0.1rem 0.7rem; font-weight: 700;
    letter-spacing: 0.15em; font-size: 0.8rem; background: var(--banner); color: var(--banner-ink); pointer-events: none; }
  .realm:empty { display: none; }
  .trouble { position: absolute; inset: auto 0 0 0; margin: 0; padding: 0.4rem 0.8rem; background: var(--alarm-ground);
    color: var(--alarm); font-weight: 700; }
  .keys { color: var(--soft); font-size: 0.85rem; margin: 0.3rem 0 0; }
  .legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.3rem; list-style: none; margin: 0.3rem 0; padding: 0;
    font-size: 0.9rem; }
  .legend li { display: flex; align-items: center; gap: 0.4rem; }
  .legend i { font-style: normal; }
  .line { width: 1.8rem; border-top: 3px solid var(--map-own); }
  .line.dashed { border-top-style: dashed; }
  .sign.launch { color: var(--map-launch); }
  .sign.impact { color: var(--map-impact); font-weight: 700; }
  .sign.sensor { color: var(--map-sensor); }
  section { background: var(--card); border: 2px solid var(--ink); padding: 0.6rem 0.9rem; margin: 0.6rem 0; }
  section h3 { margin: 0 0 0.4rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0 0 0.5rem; }
  dt { color: var(--soft); }
  dd { margin: 0; overflow-wrap: anywhere; }
  table { width: 100%; border-collapse: collapse; background: var(--card); font-size: 0.92rem; }
  th, td { text-align: left; padding: 0.25rem 0.6rem; border-top: 1px solid var(--rule); overflow-wrap: anywhere; }
  tr.picked td, tr.picked th { background: var(--paper); font-weight: 650; }
  summary { cursor: pointer; padding: 0.3rem 0; }
  @media print { .bar, .keys, button { display: none; } }
`;
