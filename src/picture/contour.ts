/** Lines in the coordinates of a grid; NaN between one line and the next. */
export interface Lines {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/**
 * Lines along which a function on a grid has a value, by marching squares, joined to be as long as they are. Cells with a
 * corner that is not finite hold none.
 *
 * @param grid [rows, columns], row-major
 */
export function isolines(grid: Float64Array, columns: number, rows: number, level: number): Lines {
  const crossings = new Crossings(grid, columns, level);
  const links = new Map<number, number[]>();
  const link = (a: number, b: number) => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = links.get(from);
      if (known) known.push(to);
      else links.set(from, [to]);
    }
  };
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      for (const [a, b] of crossings.cell(row, column)) link(a, b);
    }
  }
  return chained(links, crossings);
}

/** Where the level is passed on the edges of the grid. An edge has the number 2·corner, + 1 where it goes up. */
class Crossings {
  readonly #grid: Float64Array;
  readonly #columns: number;
  readonly #level: number;

  constructor(grid: Float64Array, columns: number, level: number) {
    this.#grid = grid;
    this.#columns = columns;
    this.#level = level;
  }

  /** The pieces of lines in a cell, as pairs of edges. */
  cell(row: number, column: number): readonly (readonly [number, number])[] {
    const corner = row * this.#columns + column;
    const above = corner + this.#columns;
    const values = [this.#grid[corner]!, this.#grid[corner + 1]!, this.#grid[above + 1]!, this.#grid[above]!];
    if (!values.every(Number.isFinite)) return [];
    const [a, b, c, d] = values.map((value) => value >= this.#level);
    const [bottom, right, top, left] = [2 * corner, 2 * (corner + 1) + 1, 2 * above, 2 * corner + 1];
    const passed = [
      ...(a !== b ? [bottom] : []),
      ...(b !== c ? [right] : []),
      ...(c !== d ? [top] : []),
      ...(d !== a ? [left] : []),
    ];
    if (passed.length === 0) return [];
    if (passed.length === 2) return [[passed[0]!, passed[1]!]];
    // A saddle: the value in the middle says which corners belong together.
    const middle = values.reduce((sum, value) => sum + value, 0) / 4 >= this.#level;
    return middle === a
      ? [
          [bottom, right],
          [top, left],
        ]
      : [
          [bottom, left],
          [top, right],
        ];
  }

  /** The place of the crossing on an edge. */
  at(edge: number): [x: number, y: number] {
    const corner = edge >> 1;
    const [x, y] = [corner % this.#columns, Math.floor(corner / this.#columns)];
    const upwards = edge % 2 === 1;
    const from = this.#grid[corner]!;
    const to = this.#grid[corner + (upwards ? this.#columns : 1)]!;
    const part = (this.#level - from) / (to - from);
    return upwards ? [x, y + part] : [x + part, y];
  }
}

function chained(links: Map<number, number[]>, crossings: Crossings): Lines {
  const xs: number[] = [];
  const ys: number[] = [];
  const push = ([x, y]: readonly [number, number]) => {
    xs.push(x);
    ys.push(y);
  };
  // Open lines begin at an edge with one neighbour; what is left are rings.
  const ends = [...links.keys()].filter((edge) => links.get(edge)!.length === 1);
  for (const start of [...ends, ...links.keys()]) {
    if (links.get(start)!.length === 0) continue;
    if (xs.length > 0) push([Number.NaN, Number.NaN]);
    push(crossings.at(start));
    for (let at = start; ; ) {
      const next = links.get(at)!.pop();
      if (next === undefined) break;
      const back = links.get(next)!;
      back.splice(back.indexOf(at), 1);
      push(crossings.at(next));
      at = next;
    }
  }
  return { xs: Float64Array.from(xs), ys: Float64Array.from(ys) };
}
