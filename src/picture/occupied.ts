import type { Path } from "./simplify.ts";

/** The size of a cell in pixels, and how far away a cell is looked for. */
const cell = 6;
const reach = 8;

/** Where data are drawn, coarsely: how far a place is from them. */
export class Occupied {
  readonly #cells = new Set<number>();

  /** @param lines joined point by point @param points not joined */
  constructor(lines: readonly Path[], points: readonly Path[]) {
    for (const { us, vs } of lines) {
      for (let k = 0; k < us.length; k++)
        this.#segment(us[Math.max(k - 1, 0)]!, vs[Math.max(k - 1, 0)]!, us[k]!, vs[k]!);
    }
    for (const { us, vs } of points) {
      for (let k = 0; k < us.length; k++) this.#cells.add(key(us[k]!, vs[k]!));
    }
  }

  #segment(u0: number, v0: number, u1: number, v1: number): void {
    const steps = Math.ceil(Math.max(Math.abs(u1 - u0), Math.abs(v1 - v0)) / cell);
    if (!(steps < 1e4)) return;
    for (let k = 0; k <= steps; k++) {
      const part = steps === 0 ? 0 : k / steps;
      this.#cells.add(key(u0 + part * (u1 - u0), v0 + part * (v1 - v0)));
    }
  }

  /** Pixels to the nearest data, to the size of a cell; at most some fifty. */
  distance(u: number, v: number): number {
    let least = reach + 1;
    for (let down = -reach; down <= reach; down++) {
      for (let right = -reach; right <= reach; right++) {
        const away = Math.hypot(right, down);
        if (away < least && this.#cells.has(key(u + right * cell, v + down * cell))) least = away;
      }
    }
    return least * cell;
  }
}

function key(u: number, v: number): number {
  return Math.floor(u / cell) * 65_536 + Math.floor(v / cell);
}
