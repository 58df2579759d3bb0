// The colours of a map, as the page's style says for dark and for light.

export interface Ink {
  sea: string;
  land: string;
  overflown: string;
  coast: string;
  border: string;
  grid: string;
  name: string;
  halo: string;
  own: string;
  partner: string;
  launch: string;
  impact: string;
  impactGround: string;
  sensor: string;
  picked: string;
}

const NAMES: Readonly<Record<keyof Ink, string>> = {
  sea: "--map-sea",
  land: "--map-land",
  overflown: "--map-overflown",
  coast: "--map-coast",
  border: "--map-border",
  grid: "--map-grid",
  name: "--map-name",
  halo: "--map-halo",
  own: "--map-own",
  partner: "--map-partner",
  launch: "--map-launch",
  impact: "--map-impact",
  impactGround: "--map-impact-ground",
  sensor: "--map-sensor",
  picked: "--map-picked",
};

export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim() || "#888";
  return Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, of(name)])) as unknown as Ink;
}

export const FONT = '"Noto Sans Variable", "Noto Sans KR Variable", "Noto Sans JP Variable", sans-serif';
