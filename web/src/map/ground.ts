// Land, borders and countries of Natural Earth at 1:50 million, from this server, cut into pieces
// of which a view draws those alone that it can show.
import type { FeatureCollection, MultiLineString, Polygon } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-50m.json?url";
import { DEGREES, type LonLat } from "./shapes";

export interface Cap {
  centre: LonLat;
  radiusDeg: number;
}

export interface Piece<Shape> extends Cap {
  shape: Shape;
}

export interface Ground {
  land: Piece<Polygon>[];
  borders: Piece<MultiLineString>[];
  countries: FeatureCollection;
}

let loaded: Promise<Ground> | undefined;

/** Fetched once for a page. */
export function ground(): Promise<Ground> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Ground> {
  const topology = (await (await fetch(atlas)).json()) as Topology<{
    countries: GeometryCollection<{ name: string }>;
    land: GeometryCollection;
  }>;
  const { countries, land } = topology.objects;
  const polygons = feature(topology, land).features.flatMap((one) =>
    one.geometry.type === "MultiPolygon"
      ? one.geometry.coordinates.map((coordinates): Polygon => ({ type: "Polygon", coordinates }))
      : one.geometry.type === "Polygon"
        ? [one.geometry]
        : [],
  );
  const borders = mesh(topology, countries, (one, other) => one !== other);
  return {
    land: polygons.map((shape) => ({ shape, ...capOf(shape.coordinates[0] ?? []) })),
    borders: borders.coordinates.map((line) => ({
      shape: { type: "MultiLineString", coordinates: [line] },
      ...capOf(line),
    })),
    countries: feature(topology, countries),
  };
}

function capOf(line: readonly (readonly number[])[]): Cap {
  const sum = [0, 0, 0];
  const vectors = line.map(([east = 0, north = 0]) => {
    const cosine = Math.cos(north / DEGREES);
    return [
      cosine * Math.cos(east / DEGREES),
      cosine * Math.sin(east / DEGREES),
      Math.sin(north / DEGREES),
    ] as const;
  });
  for (const vector of vectors) vector.forEach((value, axis) => (sum[axis] = (sum[axis] ?? 0) + value));
  const [x = 1, y = 0, z = 0] = sum;
  const length = Math.hypot(x, y, z) || 1;
  const nearest = Math.min(1, ...vectors.map((v) => (v[0] * x + v[1] * y + v[2] * z) / length));
  return {
    centre: [Math.atan2(y, x) * DEGREES, Math.asin(z / length) * DEGREES],
    radiusDeg: Math.acos(Math.max(-1, nearest)) * DEGREES,
  };
}
