// Text in space: a small picture that always faces the eye and keeps its size.
import { CanvasTexture, Sprite, SpriteMaterial, SRGBColorSpace } from "three";
import { FONT } from "./ink";

const HEIGHT_PX = 48;

/** `size`: its height, as a share of the distance to the eye. */
export function spriteOf(text: string, colour: string, halo: string, size: number): Sprite {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  let width = HEIGHT_PX;
  if (context !== null) {
    const font = `600 ${HEIGHT_PX * 0.66}px ${FONT}`;
    context.font = font;
    width = Math.ceil(context.measureText(text).width) + 12;
    canvas.width = width;
    canvas.height = HEIGHT_PX;
    context.font = font;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.strokeStyle = halo;
    context.lineWidth = 7;
    context.strokeText(text, 6, HEIGHT_PX / 2);
    context.fillStyle = colour;
    context.fillText(text, 6, HEIGHT_PX / 2);
  }
  const map = new CanvasTexture(canvas);
  map.colorSpace = SRGBColorSpace;
  const sprite = new Sprite(new SpriteMaterial({ map, sizeAttenuation: false, depthWrite: false, depthTest: false }));
  sprite.scale.set((size * width) / HEIGHT_PX, size, 1);
  return sprite;
}
