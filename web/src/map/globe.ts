// The globe: the same scene in space, heights to scale. Loaded when somebody asks for it.
import { geoEquirectangular, geoPath } from "d3-geo";
import {
  BufferGeometry,
  CanvasTexture,
  Color,
  Group,
  Line,
  LineBasicMaterial,
  LineDashedMaterial,
  LineSegments,
  type Material,
  Mesh,
  MeshBasicMaterial,
  type Object3D,
  PerspectiveCamera,
  Raycaster,
  Scene as Space,
  SphereGeometry,
  Sprite,
  SpriteMaterial,
  SRGBColorSpace,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { language, say } from "../shared/words";
import { spriteOf } from "./globe_labels";
import type { Ground } from "./ground";
import { type Ink, inkOf } from "./ink";
import { namedPlaces } from "./places";
import { placesOf, type Scene, type SceneTrack } from "./scene";
import { DEGREES, EARTH_RADIUS_M, type LonLat } from "./shapes";

const TEXTURE: readonly [number, number] = [4096, 2048];
const GROUND_AT = 1.0015; // lines on the ground stand a little above it
const NEAREST = 1.25;
const FARTHEST = 6;
const TILT_DEG = 34; // looked at from the side, heights can be seen
const APART_RAD = 0.075; // of labels
const TURN_RAD = 0.12;
const FIELD_DEG = 40;

/** Raises where the browser has no WebGL. */
export class Globe {
  readonly #renderer: WebGLRenderer;
  readonly #space = new Space();
  readonly #camera = new PerspectiveCamera(FIELD_DEG, 1, 0.01, 20);
  readonly #things = new Group();
  readonly #names = new Group();
  readonly #sphere: Mesh<SphereGeometry, MeshBasicMaterial>;
  readonly #resized: ResizeObserver;
  #ink: Ink;
  #centre: LonLat = [134, 37];
  #distance = 3;
  #follows = true;
  #dragged: { x: number; y: number; moved: boolean } | undefined;
  #scene: Scene | undefined;
  #picked: string | undefined;
  #wanted = false;

  constructor(
    private readonly place: HTMLElement,
    private readonly ground: Ground,
    private readonly styled: Element,
    private readonly pick: (id: string | undefined) => void,
  ) {
    this.#renderer = new WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.#ink = inkOf(styled);
    this.#sphere = new Mesh(new SphereGeometry(1, 96, 64), new MeshBasicMaterial());
    this.#space.add(this.#sphere, this.#things, this.#names);
    const canvas = this.#renderer.domElement;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", say("map.globe_label"));
    place.append(canvas);
    canvas.addEventListener("keydown", (event) => this.#typed(event));
    canvas.addEventListener("pointerdown", (event) => {
      this.#dragged = { x: event.clientX, y: event.clientY, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => this.#moved(event));
    canvas.addEventListener("pointerup", (event) => this.#released(event));
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.zoom(Math.exp(-Math.max(-200, Math.min(200, event.deltaY)) / 400));
      },
      { passive: false },
    );
    this.#resized = new ResizeObserver(() => this.#measure());
    this.#resized.observe(place);
    this.recolour();
    this.#measure();
  }

  dispose(): void {
    this.#resized.disconnect();
    emptied(this.#things);
    emptied(this.#names);
    this.#sphere.material.map?.dispose();
    this.#renderer.dispose();
    this.#renderer.domElement.remove();
  }

  recolour(): void {
    this.#ink = inkOf(this.styled);
    this.#sphere.material.map?.dispose();
    this.#sphere.material.map = textureOf(this.ground, this.#ink);
    this.#sphere.material.needsUpdate = true;
    this.#space.background = new Color(this.#ink.sea).multiplyScalar(0.55);
    emptied(this.#names);
    for (const place of namedPlaces(0).filter((one) => one.rank === 1)) {
      const name = place[language === "ko" ? "ko" : language === "ja" ? "ja" : "en"];
      const sprite = spriteOf(name, this.#ink.name, this.#ink.halo, 0.022);
      sprite.position.copy(vectorOf(place.at, 0).multiplyScalar(1.004));
      this.#names.add(sprite);
    }
    if (this.#scene !== undefined) this.show(this.#scene, this.#picked);
  }

  show(scene: Scene, picked: string | undefined): void {
    this.#scene = scene;
    this.#picked = picked;
    emptied(this.#things);
    for (const sensor of scene.sensors) {
      if (sensor.coverage) this.#line(sensor.coverage.map(onGround), this.#ink.sensor, true, 0.5);
      if (sensor.said.kind === "radar") this.#sign(sensor.id, "■", sensor.place, 0, this.#ink.sensor, 0.02);
    }
    for (const one of scene.warnings) {
      if (one.fan) this.#line(one.fan.map(onGround), this.#ink.impact, true);
      if (one.launch) {
        this.#line(one.launch.ring.map(onGround), this.#ink.launch, false);
        this.#sign(one.id, "▲", one.launch.place, 0, this.#ink.launch, 0.03);
      }
      if (one.impact) {
        this.#line(one.impact.ring.map(onGround), this.#ink.impact, true);
        this.#sign(one.id, "✕", one.impact.place, 0, this.#ink.impact, 0.032);
      }
    }
    const ownFirst = scene.tracks.toSorted((one, other) => Number(other.isOwn) - Number(one.isOwn));
    for (const track of ownFirst) this.#track(track);
    if (this.#follows) this.#lookAtAll();
    this.#draw();
  }

  follow(): void {
    this.#follows = true;
    this.#lookAtAll();
    this.#draw();
  }

  zoom(factor: number): void {
    this.#follows = false;
    this.#distance = Math.max(NEAREST, Math.min(FARTHEST, 1 + (this.#distance - 1) / factor));
    this.#draw();
  }

  #track(track: SceneTrack): void {
    const colour = track.isOwn ? this.#ink.own : this.#ink.partner;
    const past = track.past.map((step) => vectorOf(step.place, step.heightM));
    const height = track.said.height_m ?? 0;
    if (track.place !== undefined) past.push(vectorOf(track.place, height));
    this.#line(past, colour, false);
    if (track.leads) {
      this.#line(track.predicted.map((step) => vectorOf(step.place, step.heightM)), colour, true);
      this.#line(track.past.map((step) => onGround(step.place)), colour, false, 0.35);
      this.#line(track.predicted.map((step) => onGround(step.place)), colour, true, 0.35);
    }
    if (track.place === undefined) return;
    this.#line([onGround(track.place), vectorOf(track.place, height)], colour, false, 0.6);
    const isPicked = track.id === this.#picked;
    this.#sign(track.id, track.isObserved ? "●" : "○", track.place, height, colour, isPicked ? 0.045 : 0.03);
    if (!track.leads && !isPicked) return;
    const text = `${track.label}  ${Math.round(height / 1000).toLocaleString("en")} km`;
    const label = spriteOf(text, colour, this.#ink.halo, 0.03);
    label.center.set(-0.08, 0.5);
    label.position.copy(vectorOf(track.place, height));
    this.#things.add(label);
  }

  #line(points: Vector3[], colour: string, isDashed: boolean, opacity = 1): void {
    if (points.length < 2) return;
    const geometry = new BufferGeometry().setFromPoints(points);
    const common = { color: new Color(colour), transparent: opacity < 1, opacity };
    const material = isDashed
      ? new LineDashedMaterial({ ...common, dashSize: 0.018, gapSize: 0.014 })
      : new LineBasicMaterial(common);
    const line = new Line(geometry, material);
    if (isDashed) line.computeLineDistances();
    this.#things.add(line);
  }

  #sign(id: string, text: string, place: LonLat, heightM: number, colour: string, size: number): void {
    const sprite = spriteOf(text, colour, this.#ink.halo, id === this.#picked ? size * 1.5 : size);
    sprite.position.copy(vectorOf(place, heightM).multiplyScalar(1.003));
    sprite.userData["id"] = id;
    this.#things.add(sprite);
  }

  #lookAtAll(): void {
    const places = this.#scene === undefined ? [] : placesOf(this.#scene);
    if (places.length === 0) return;
    const middle = places.reduce((sum, place) => sum.add(vectorOf(place, 0)), new Vector3()).normalize();
    const apart = Math.max(...places.map((place) => middle.angleTo(vectorOf(place, 0))));
    this.#centre = [Math.atan2(-middle.z, middle.x) * DEGREES, Math.asin(middle.y) * DEGREES];
    const wanted = (Math.sin(Math.min(apart, 1.3)) * 1.35) / Math.tan(FIELD_DEG / 2 / DEGREES);
    this.#distance = Math.max(1.9, Math.min(4, 1 + wanted));
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width < 1 || height < 1) return;
    this.#renderer.setSize(width, height);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    this.#draw();
  }

  #draw(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    requestAnimationFrame(() => {
      this.#wanted = false;
      const eye: LonLat = [this.#centre[0], Math.max(-85, this.#centre[1] - TILT_DEG)];
      this.#camera.position.copy(vectorOf(eye, 0)).multiplyScalar(this.#distance);
      this.#camera.lookAt(vectorOf(this.#centre, 0).multiplyScalar(0.8));
      this.#hideWhatIsBehind();
      this.#renderer.render(this.#space, this.#camera);
    });
  }

  /** Text and signs are drawn above everything: those beyond the horizon, and on others, are not. */
  #hideWhatIsBehind(): void {
    const shown: Vector3[] = [];
    for (const thing of [...this.#things.children, ...this.#names.children]) {
      if (!(thing instanceof Sprite)) continue;
      const isText = thing.userData["id"] === undefined;
      const place = thing.position.clone().normalize();
      const isFree = !isText || shown.every((other) => other.angleTo(place) > APART_RAD);
      thing.visible = isFree && !isBehind(thing.position, this.#camera.position);
      if (thing.visible && isText) shown.push(place);
    }
  }

  #turn(east: number, north: number): void {
    this.#follows = false;
    const up = Math.max(-85, Math.min(85, this.#centre[1] + north));
    this.#centre = [((this.#centre[0] + east + 540) % 360) - 180, up];
    this.#draw();
  }

  #moved(event: PointerEvent): void {
    const last = this.#dragged;
    if (last === undefined) return;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    if (!last.moved && Math.hypot(dx, dy) < 4) return;
    this.#dragged = { x: event.clientX, y: event.clientY, moved: true };
    const degrees = (60 * (this.#distance - 1)) / this.place.clientHeight;
    this.#turn(-dx * degrees, dy * degrees);
  }

  #released(event: PointerEvent): void {
    const last = this.#dragged;
    this.#dragged = undefined;
    if (last === undefined || last.moved) return;
    const box = this.#renderer.domElement.getBoundingClientRect();
    const at = new Vector2(
      ((event.clientX - box.left) / box.width) * 2 - 1,
      1 - ((event.clientY - box.top) / box.height) * 2,
    );
    const ray = new Raycaster();
    ray.setFromCamera(at, this.#camera);
    const [hit] = ray.intersectObjects(this.#things.children.filter((one) => "id" in one.userData));
    this.pick(hit?.object.userData["id"] as string | undefined);
  }

  #typed(event: KeyboardEvent): void {
    const step = TURN_RAD * DEGREES * (this.#distance - 1);
    if (event.key === "ArrowLeft") this.#turn(-step, 0);
    else if (event.key === "ArrowRight") this.#turn(step, 0);
    else if (event.key === "ArrowUp") this.#turn(0, step);
    else if (event.key === "ArrowDown") this.#turn(0, -step);
    else if (event.key === "+" || event.key === "=") this.zoom(1.35);
    else if (event.key === "-") this.zoom(1 / 1.35);
    else if (event.key === "0" || event.key === "Home") this.follow();
    else if (event.key === "n" || event.key === "p") this.#step(event.key === "n" ? 1 : -1);
    else if (event.key === "Escape") this.pick(undefined);
    else return;
    event.preventDefault();
  }

  #step(by: number): void {
    const scene = this.#scene;
    if (scene === undefined) return;
    const ids = [...scene.warnings, ...scene.tracks, ...scene.sensors].map((one) => one.id);
    const now = this.#picked === undefined ? -1 : ids.indexOf(this.#picked);
    this.pick(ids[now < 0 && by < 0 ? ids.length - 1 : (now + by + ids.length) % ids.length]);
  }
}

function vectorOf([east, north]: LonLat, heightM: number): Vector3 {
  const radius = Math.max(1, 1 + heightM / EARTH_RADIUS_M);
  const cosine = Math.cos(north / DEGREES) * radius;
  return new Vector3(
    cosine * Math.cos(east / DEGREES),
    Math.sin(north / DEGREES) * radius,
    -cosine * Math.sin(east / DEGREES),
  );
}

/** Whether the Earth stands between a place and the eye. */
function isBehind(place: Vector3, eye: Vector3): boolean {
  const sight = place.clone().sub(eye);
  const share = -eye.dot(sight) / sight.lengthSq();
  return share < 1 && eye.clone().addScaledVector(sight, share).length() < 0.999;
}

function onGround(place: LonLat): Vector3 {
  return vectorOf(place, 0).multiplyScalar(GROUND_AT);
}

/** The whole ground as a picture, wrapped round the sphere. */
function textureOf(ground: Ground, ink: Ink): CanvasTexture {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = TEXTURE;
  const context = canvas.getContext("2d", { alpha: false });
  if (context !== null) {
    const projection = geoEquirectangular()
      .translate([TEXTURE[0] / 2, TEXTURE[1] / 2])
      .scale(TEXTURE[0] / (2 * Math.PI))
      .precision(0.5);
    const path = geoPath(projection, context);
    context.fillStyle = ink.sea;
    context.fillRect(0, 0, ...TEXTURE);
    context.beginPath();
    for (const piece of ground.land) path(piece.shape);
    context.fillStyle = ink.land;
    context.fill();
    context.strokeStyle = ink.coast;
    context.lineWidth = 1.4;
    context.stroke();
    context.strokeStyle = ink.border;
    context.beginPath();
    for (const piece of ground.borders) path(piece.shape);
    context.stroke();
  }
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 8;
  return texture;
}

function emptied(group: Group): void {
  for (const child of [...group.children]) {
    release(child);
    group.remove(child);
  }
}

function release(child: Object3D): void {
  if (child instanceof Sprite) {
    (child.material as SpriteMaterial).map?.dispose();
    child.material.dispose();
  } else if (child instanceof Line || child instanceof LineSegments) {
    (child.geometry as BufferGeometry).dispose();
    (child.material as Material).dispose();
  }
}

