"""The page's style: light and dark by the reader's preference, and for paper.

Colours of nations are from M. Okabe and K. Ito's palette for colour-blind readers, made
darker or lighter until they keep 4.5:1 on their ground. Colour never stands alone.
"""

STYLE = """
:root {
  --paper: #fbfaf8; --card: #ffffff; --ink: #16191d; --soft: #565d66; --rule: #dcdad5;
  --hair: #ebe9e4; --sea: #e6edf2; --land: #f7f4ec; --coast: #8f9aa3; --border: #c9c1b2;
  --grid: #c9d6df; --truth: #14181c; --burn: #c2330a; --fan: #b9770e; --alarm: #a3110b;
  --alarm-ground: #fdeceb; --banner: #ffd23f; --banner-ink: #1a1400;
  --n0: #0a63a8; --n1: #b04a00; --n2: #00715a; --n3: #8a3d86; --n4: #5c5300; --n5: #4b4b4b;
  --t0: #a98fcf; --t1: #877cc6; --t2: #5f6fb4; --t3: #2f5597; --t4: #0c3a6b;
  --sans: "Inter", "Helvetica Neue", "Segoe UI", "Noto Sans", "DejaVu Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0f1317; --card: #161b21; --ink: #e9ecef; --soft: #a3adb8; --rule: #2c343d;
    --hair: #222a32; --sea: #131a21; --land: #232a2f; --coast: #6b7883; --border: #444c53;
    --grid: #25303a; --truth: #f3f5f7; --burn: #ff8a5c; --fan: #e0a84a; --alarm: #ff9d94;
    --alarm-ground: #3a1512; --banner: #ffd23f; --banner-ink: #1a1400;
    --n0: #63b3f5; --n1: #ff9d52; --n2: #3ecfa8; --n3: #df95da; --n4: #d6c64b; --n5: #b9b9b9;
    --t0: #8468bd; --t1: #8b84d6; --t2: #90a0e6; --t3: #a5c4f4; --t4: #d9eeff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 var(--sans); font-variant-numeric: tabular-nums; }
.banner { position: sticky; top: 0; z-index: 3; display: flex; justify-content: space-between;
  gap: 1rem; padding: .38rem max(1.25rem, calc(50vw - 560px)); background: var(--banner);
  color: var(--banner-ink); font-size: .84rem; letter-spacing: .02em; }
.banner b { letter-spacing: .18em; }
.watermark { position: fixed; inset: 0; z-index: 2; pointer-events: none; overflow: hidden;
  display: grid; grid-template-columns: repeat(3, 1fr); opacity: .045; }
.watermark span { place-self: center; transform: rotate(-28deg); font-weight: 800;
  font-size: clamp(1.6rem, 5vw, 4rem); letter-spacing: .12em; }
main, footer { max-width: 1120px; margin: 0 auto; padding: 0 1.25rem; }
header { padding: 3.2rem 0 1.2rem; }
.kicker { margin: 0; color: var(--soft); font-size: .86rem; letter-spacing: .04em; }
h1 { margin: .15rem 0 .5rem; font-size: clamp(1.9rem, 4.2vw, 2.9rem); line-height: 1.1;
  letter-spacing: -.02em; font-weight: 700; }
.lead { margin: 0; max-width: 46rem; font-size: 1.1rem; color: var(--soft); }
h2 { margin: 3.4rem 0 .9rem; font-size: 1.45rem; line-height: 1.2; letter-spacing: -.012em; }
h3 { margin: 1.7rem 0 .55rem; font-size: 1.02rem; }
h4 { margin: 0 0 .5rem; font-size: .92rem; font-weight: 600; }
p { max-width: 46rem; }
.small, small { color: var(--soft); font-size: .84rem; }
.cards { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1px; margin: 1.4rem 0 0;
  background: var(--rule); border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
.card { background: var(--card); padding: 1rem 1.15rem 1.05rem; }
.card dt { color: var(--soft); font-size: .84rem; }
.card dd { margin: .1rem 0 0; font-size: 1.75rem; font-weight: 650; letter-spacing: -.015em;
  line-height: 1.25; }
.card small { display: block; font-weight: 400; letter-spacing: 0; line-height: 1.4;
  margin-top: .15rem; }
.made-up { margin: 1.4rem 0 0; padding: 1rem 1.25rem .4rem; border: 1px solid var(--rule);
  border-left: 5px solid var(--banner); border-radius: 8px; background: var(--card); }
.made-up h2 { margin: 0 0 .3rem; font-size: 1.02rem; letter-spacing: 0; }
.made-up p { margin: 0 0 .7rem; max-width: 60rem; }
figure { margin: 0; padding: 1rem; background: var(--card); border: 1px solid var(--rule);
  border-radius: 10px; break-inside: avoid; }
figure.wide { padding: 0; overflow: hidden; }
figure.wide > svg { display: block; }
figure.wide > figcaption { padding: .8rem 1.1rem .9rem; border-top: 1px solid var(--hair); }
figcaption p { margin: 0 0 .35rem; max-width: none; }
figcaption p:has(.key) { display: flex; flex-wrap: wrap; align-items: center; }
svg { max-width: 100%; height: auto; }
figure > svg { width: 100%; }
.key { display: inline-flex; align-items: center; gap: .35rem; margin-right: 1.1rem;
  font-size: .86rem; white-space: nowrap; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1.1rem; align-items: start; }
.frames { display: grid; grid-template-columns: repeat(5, 1fr); gap: .7rem; }
.frame { padding: .75rem; }
.frame svg { border-radius: 5px; }
.frame .empty { display: grid; place-items: center; aspect-ratio: 1; margin: 0; padding: .6rem;
  border: 1px dashed var(--rule); border-radius: 5px; color: var(--soft); font-size: .84rem;
  text-align: center; }
.frame figcaption { font-size: .8rem; line-height: 1.45; padding-top: .4rem; }
.plain { list-style: none; margin: 0; padding: 0; }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 10px;
  background: var(--card); }
.scroll:focus-visible { outline: 3px solid var(--n0); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
th, td { padding: .5rem .85rem; text-align: left; vertical-align: top;
  border-top: 1px solid var(--hair); }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: .82rem;
  border-bottom: 1px solid var(--rule); white-space: nowrap; }
tbody th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; }
.under { display: block; color: var(--soft); font-size: .84em; }
.group th { background: var(--paper); border-top: 1px solid var(--rule); }
.light { font-weight: 400; color: var(--soft); }
.none { color: var(--soft); }
.alarm th, .alarm td { background: var(--alarm-ground); color: var(--alarm); font-weight: 600; }
.table { break-inside: avoid; }
details { border: 1px solid var(--rule); border-radius: 10px; background: var(--card);
  margin: .6rem 0; padding: .2rem 1rem; }
summary { cursor: pointer; padding: .5rem 0; }
.said { margin: .3rem 0 .8rem; padding-left: 0; list-style: none; font-size: .86rem; }
.said li { padding: .45rem 0; border-top: 1px solid var(--hair); overflow-wrap: anywhere; }
.when { font-family: var(--mono); font-size: .92em; color: var(--soft); }
footer { padding-top: 3rem; padding-bottom: 3rem; color: var(--soft); font-size: .84rem; }
/* pictures */
svg text { font-family: var(--sans); font-size: 12px; fill: var(--ink);
  font-variant-numeric: tabular-nums; }
.stroke { fill: none; stroke-linejoin: round; stroke-linecap: round; }
.sea { fill: var(--sea); } .land { fill: var(--land); }
.coast { stroke: var(--coast); stroke-width: .8; }
.border { stroke: var(--border); stroke-width: .8; stroke-dasharray: 3 2; }
.graticule { stroke: var(--grid); stroke-width: .8; }
svg .degree { fill: var(--soft); font-size: 10.5px; }
.scale { stroke: var(--ink); stroke-width: 1.4; }
svg .scale-text { font-size: 11px; }
.reach { stroke-width: 1; stroke-dasharray: 1 4; opacity: .8; }
.fan { fill: var(--fan); fill-opacity: .13; stroke: var(--fan); stroke-opacity: .55;
  stroke-width: 1; }
.impact { stroke-width: 1.3; }
.t0 { stroke: var(--t0); } .t1 { stroke: var(--t1); } .t2 { stroke: var(--t2); }
.t3 { stroke: var(--t3); } .t4 { stroke: var(--t4); }
.truth { stroke: var(--truth); stroke-width: 5; stroke-opacity: .28; }
.truth.burning { stroke: var(--burn); stroke-opacity: .55; }
.estimate { stroke-width: 1.8; }
.n0 { --nation: var(--n0); } .n1 { --nation: var(--n1); } .n2 { --nation: var(--n2); }
.n3 { --nation: var(--n3); } .n4 { --nation: var(--n4); } .n5 { --nation: var(--n5); }
.reach, .estimate, .outline, .semi-major, .semi-minor, .thin, .sample { stroke: var(--nation); }
.fill, .error, .tint { fill: var(--nation); }
.tint { fill-opacity: .1; }
.error { fill-opacity: .75; }
.outline, .semi-major { stroke-width: 1.8; }
.semi-minor { stroke-width: 1; opacity: .75; }
.thin { stroke-width: 1; stroke-linecap: butt; }
.moment { fill: var(--truth); stroke: var(--card); stroke-width: 1.5; }
.moment.burning { fill: var(--burn); }
.place { fill: var(--card); stroke: var(--ink); stroke-width: 1.6; }
svg .label { font-size: 11.5px; paint-order: stroke; stroke: var(--card); stroke-width: 3px;
  stroke-linejoin: round; }
svg .label.strong { font-weight: 600; }
.grid { stroke: var(--hair); stroke-width: 1; }
svg .tick { fill: var(--soft); font-size: 11px; }
svg .end { text-anchor: end; }
svg .row { font-size: 11.5px; } svg .group { fill: var(--soft); font-size: 11px; }
.rail { stroke: var(--hair); stroke-width: 1; }
.first-plot { stroke: var(--ink); stroke-width: 2; }
.under-curve, path.under { fill: var(--truth); fill-opacity: .05; }
.published { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
.burnout-line { stroke: var(--burn); stroke-width: 1; stroke-dasharray: 3 3; }
.cross { fill: none; stroke: var(--ink); stroke-width: 2; }
.frame-ground { fill: var(--sea); }
@media screen and (max-width: 900px) {
  .cards { grid-template-columns: 1fr 1fr; } .pair { grid-template-columns: 1fr; }
  .frames { grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); }
}
@media screen and (max-width: 520px) { .cards { grid-template-columns: 1fr; } }
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #3c4249; }
  body { font-size: 9.5pt; }
  main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  .banner { position: static; border: 1.5pt solid #000; padding: 3pt 8pt;
    print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .watermark { opacity: .07; }
  header { padding-top: 14pt; }
  h2 { break-after: avoid; margin-top: 16pt; font-size: 14pt; }
  h3, h4 { break-after: avoid; }
  .card dd { font-size: 15pt; }
  .pair, .frames { gap: 8pt; }
  .frame { padding: 5pt; }
  .frame figcaption { font-size: 7.5pt; }
  table { font-size: 8pt; } th, td { padding: 3pt 5pt; }
  tbody, tr, figure { break-inside: avoid; }
  .scroll { overflow: visible; }
  svg, .alarm td, .alarm th { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { size: A4; margin: 16mm 13mm; }
}
"""


def page_marking(banner: str) -> str:
    """The word at the head and foot of every printed page."""
    text = f'content: "{banner}"; font: 700 9pt sans-serif; letter-spacing: .18em;'
    return f"@page {{ @top-center {{ {text} }} @bottom-center {{ {text} }} }}"
