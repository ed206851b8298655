const firstPattern = 0x2800;
/** The bit of each dot of a cell, [row][column]. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Dots, two by four in a character, drawn later over earlier. */
export class BrailleCanvas {
  readonly #width: number;
  readonly #height: number;
  readonly #cells: Uint8Array;
  /** The colour of each cell: what was drawn there last. */
  readonly #colors: (string | undefined)[];

  /** In characters. */
  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#cells = new Uint8Array(width * height);
    this.#colors = new Array<string | undefined>(width * height);
  }

  /** Sets a dot; what lies outside or is NaN is left out. */
  dot(u: number, v: number, color: string): void {
    const [column, row] = [Math.round(u), Math.round(v)];
    if (!(column >= 0 && row >= 0 && column < 2 * this.#width && row < 4 * this.#height)) return;
    const cell = (row >> 2) * this.#width + (column >> 1);
    this.#cells[cell] = this.#cells[cell]! | bits[row & 3]![column & 1]!;
    this.#colors[cell] = color;
  }

  /** Sets the dots of a line, of a dashed one every other stretch. */
  segment(u0: number, v0: number, u1: number, v1: number, color: string, dashed = false): void {
    const ends = clipped(u0, v0, u1, v1, 2 * this.#width, 4 * this.#height);
    if (!ends) return;
    const [fromU, fromV, toU, toV] = ends;
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(toU - fromU), Math.abs(toV - fromV))));
    for (let k = 0; k <= steps; k++) {
      const u = fromU + ((toU - fromU) * k) / steps;
      const v = fromV + ((toV - fromV) * k) / steps;
      if (!dashed || Math.floor(u / 3) % 2 === 0) this.dot(u, v, color);
    }
  }

  /** The rows as text, without blanks at their ends, with ANSI colours where `color` is set. */
  lines(color: boolean): string[] {
    return Array.from({ length: this.#height }, (_, row) => {
      let text = "";
      let current: string | undefined;
      let width = this.#width;
      while (width > 0 && this.#cells[row * this.#width + width - 1] === 0) width--;
      for (let column = 0; column < width; column++) {
        const at = row * this.#width + column;
        const pattern = this.#cells[at]!;
        const wanted = pattern === 0 ? current : this.#colors[at];
        if (color && wanted !== current) text += `\u001b[38;5;${BrailleCanvas.paletteIndex(wanted!)}m`;
        current = wanted;
        text += pattern === 0 ? " " : String.fromCharCode(firstPattern + pattern);
      }
      return color && current !== undefined ? `${text}\u001b[39m` : text;
    });
  }

  /** The nearest colour of the 6 × 6 × 6 cube of 256-colour terminals; black, lost on a dark ground, becomes grey. */
  static paletteIndex(hex: string): number {
    const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    if (Math.max(...channels) < 40) return 245;
    const [r, g, b] = channels.map((value) => Math.round((value / 255) * 5));
    return 16 + 36 * r! + 6 * g! + b!;
  }
}

/** The part of a line in [0, width) × [0, height), by Liang and Barsky; undefined where there is none. */
function clipped(
  u0: number,
  v0: number,
  u1: number,
  v1: number,
  width: number,
  height: number,
): [number, number, number, number] | undefined {
  if (![u0, v0, u1, v1].every(Number.isFinite)) return undefined;
  let [from, to] = [0, 1];
  const [du, dv] = [u1 - u0, v1 - v0];
  const sides = [
    [-du, u0 + 0.5],
    [du, width - 0.5 - u0],
    [-dv, v0 + 0.5],
    [dv, height - 0.5 - v0],
  ] as const;
  for (const [p, q] of sides) {
    if (p === 0 && q < 0) return undefined;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  if (from > to) return undefined;
  return [u0 + from * du, v0 + from * dv, u0 + to * du, v0 + to * dv];
}
