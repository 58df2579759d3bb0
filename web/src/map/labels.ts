// Labels that cover neither each other nor marks: the first that ask get the room.

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const CELL_PX = 64;
const AWAY_PX = 9;
export const LABEL_HEIGHT_PX = 17;

export class LabelBoard {
  readonly #cells = new Map<string, Box[]>();

  constructor(
    readonly width: number,
    readonly height: number,
  ) {}

  /** Keep labels off a mark. */
  block(x: number, y: number, half: number): void {
    this.#take({ left: x - half, top: y - half, right: x + half, bottom: y + half });
  }

  /** Where a label of that width beside a point may stand (left, middle), or nowhere. */
  place(x: number, y: number, width: number): [number, number] | undefined {
    const half = LABEL_HEIGHT_PX / 2;
    const diagonal = AWAY_PX + half;
    for (const [left, middle] of [
      [x + AWAY_PX, y],
      [x - AWAY_PX - width, y],
      [x - width / 2, y - diagonal],
      [x - width / 2, y + diagonal],
      [x + AWAY_PX, y - diagonal],
      [x + AWAY_PX, y + diagonal],
      [x - AWAY_PX - width, y - diagonal],
      [x - AWAY_PX - width, y + diagonal],
    ] as const) {
      const box = { left: left - 2, top: middle - half, right: left + width + 2, bottom: middle + half };
      if (this.#isFree(box)) {
        this.#take(box);
        return [left, middle];
      }
    }
    return undefined;
  }

  #isFree(box: Box): boolean {
    if (box.left < 0 || box.top < 0 || box.right > this.width || box.bottom > this.height) return false;
    return this.#cellsOf(box).every((cell) =>
      (this.#cells.get(cell) ?? []).every(
        (one) =>
          one.right <= box.left || one.left >= box.right || one.bottom <= box.top || one.top >= box.bottom,
      ),
    );
  }

  #take(box: Box): void {
    for (const cell of this.#cellsOf(box)) {
      const boxes = this.#cells.get(cell);
      if (boxes === undefined) this.#cells.set(cell, [box]);
      else boxes.push(box);
    }
  }

  #cellsOf(box: Box): string[] {
    const found: string[] = [];
    for (let x = Math.floor(box.left / CELL_PX); x <= Math.floor(box.right / CELL_PX); x += 1) {
      for (let y = Math.floor(box.top / CELL_PX); y <= Math.floor(box.bottom / CELL_PX); y += 1) {
        found.push(`${x} ${y}`);
      }
    }
    return found;
  }
}
