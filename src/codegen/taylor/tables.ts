import type { Integer } from "../program.ts";
import type { Iterations } from "./iterations.ts";
import { type Block, nodesOf, type Segment, type Step } from "./series.ts";

const lane = 8;

/** What changes from one index of a block to another: byte offsets for each, listed in its table. */
export interface TableEntry {
  readonly key: string;
  /** For the iteration `index`, or for the empty lane beside the last one (`undefined`). */
  readonly offset: (iteration: number | undefined) => number;
}

export function isMoving(at: Integer): boolean {
  return at.terms.length + at.edges.length > 0;
}

/** The name of what changes in a place from one index to another. */
export function movingKey(at: Integer, target: boolean): string {
  const known = keys.get(at) ?? JSON.stringify([at.terms, at.edges]);
  keys.set(at, known);
  return `${target ? "to" : "at"}${known}`;
}

const keys = new WeakMap<Integer, string>();

export interface EntryTools {
  readonly moving: (at: Integer, iteration: number) => number;
  readonly iterationOf: (block: Block, iteration: number) => number;
  readonly outer: readonly { readonly recordBytes: number }[];
  readonly places: readonly Iterations[];
  readonly rowBytes: number;
  readonly odd: boolean;
}

/** The table entries that a step of an inner block needs. */
export function entriesOf(
  step: Step,
  block: Block,
  dimension: number,
  least: ReadonlyMap<string, number>,
  { moving, iterationOf, outer, places }: EntryTools,
): TableEntry[] {
  const out: TableEntry[] = [];
  const last = places[block.id]!.count - 1;
  if (step.kind === "series" && (step.rule.kind === "state" || step.rule.kind === "output")) {
    const { at } = step.rule;
    out.push({ key: movingKey(at, false), offset: (i = last) => lane * moving(at, i) });
  } else if (step.kind === "store" || step.kind === "scatter") {
    const key = movingKey(step.at, true);
    const trash = lane * (dimension - least.get(key)!);
    out.push({ key, offset: (i) => (i === undefined ? trash : lane * moving(step.at, i)) });
  } else if (step.kind === "accumulate" && step.total.block.id !== 0) {
    const { block: to } = step.total;
    const trash = lane * places[to.id]!.count;
    out.push({ key: totalKey(to), offset: (i) => (i === undefined ? trash : lane * iterationOf(to, i)) });
  }
  for (const node of nodesOf(step)) {
    const { block: from } = node;
    if (from === block || from.id === 0) continue;
    const offset = (i = last): number => {
      const at = iterationOf(from, i);
      return (at >> 1) * outer[from.id]!.recordBytes + lane * (at & 1);
    };
    out.push({ key: recordKey(from), offset });
  }
  return out;
}

export const totalKey = (block: Block): string => `total ${block.id}`;
export const recordKey = (block: Block): string => `record ${block.id}`;

/** Entries at the end of a row of x′ that take what the empty lanes of odd blocks would write. */
export function trashLength(segments: readonly Segment[]): number {
  const ranges = new Map<string, { least: number; most: number }>();
  for (const { block, steps } of segments) {
    if (block.id === 0) continue;
    for (const step of steps) {
      if (step.kind !== "store" && step.kind !== "scatter") continue;
      const key = movingKey(step.at, true);
      const known = ranges.get(key) ?? { least: step.at.offset, most: step.at.offset };
      const { offset } = step.at;
      ranges.set(key, { least: Math.min(known.least, offset), most: Math.max(known.most, offset) });
    }
  }
  return Math.max(0, ...[...ranges.values()].map(({ least, most }) => most - least + 1));
}
