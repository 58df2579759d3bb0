// The marks of a map: each kind has a shape of its own, whatever its colour.

export type Mark = "track" | "predicted" | "launch" | "impact" | "radar" | "infrared";

/** Draws one centred on a pixel. */
export function drawMark(
  context: CanvasRenderingContext2D,
  mark: Mark,
  x: number,
  y: number,
  half: number,
  colour: string,
  halo: string,
): void {
  context.beginPath();
  outline(context, mark, x, y, half);
  const isLine = mark === "impact";
  context.lineJoin = "round";
  context.strokeStyle = halo;
  context.lineWidth = isLine ? 5.5 : 4;
  context.setLineDash([]);
  context.stroke();
  if (isLine) {
    context.strokeStyle = colour;
    context.lineWidth = 2.6;
    context.stroke();
    return;
  }
  context.fillStyle = mark === "predicted" ? halo : colour;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 2;
  if (mark === "predicted") context.setLineDash([3, 2.5]);
  context.stroke();
  context.setLineDash([]);
}

function outline(context: CanvasRenderingContext2D, mark: Mark, x: number, y: number, half: number): void {
  switch (mark) {
    case "track":
    case "predicted":
      context.arc(x, y, half, 0, 2 * Math.PI);
      return;
    case "launch":
      context.moveTo(x, y - half * 1.2);
      context.lineTo(x + half * 1.1, y + half * 0.8);
      context.lineTo(x - half * 1.1, y + half * 0.8);
      context.closePath();
      return;
    case "impact":
      context.moveTo(x - half, y - half);
      context.lineTo(x + half, y + half);
      context.moveTo(x + half, y - half);
      context.lineTo(x - half, y + half);
      return;
    case "radar":
      context.rect(x - half * 0.85, y - half * 0.85, half * 1.7, half * 1.7);
      return;
    case "infrared":
      context.moveTo(x, y - half * 1.2);
      context.lineTo(x + half * 1.2, y);
      context.lineTo(x, y + half * 1.2);
      context.lineTo(x - half * 1.2, y);
      context.closePath();
  }
}
