import { describe, expect, it } from "vitest";
import {
  countEntries,
  type Domain,
  type Loop,
  materialise,
  type Position,
  rowLengths,
} from "../../src/graph/domain.ts";

const at = (offset: number, ...factors: number[]): Position => ({ offset, factors });
const loop = (lo: Position, hi: Position, ...except: Position[]): Loop => ({ lo, hi, except });

/** i = 1..4, j = i+1..4 */
const pairs: Domain = [loop(at(1), at(4)), loop(at(1, 1), at(4))];
/** i = 1..3, j = 1..3 without i */
const others: Domain = [loop(at(1), at(3)), loop(at(1), at(3), at(0, 1))];

describe("domain", () => {
  it("lists entries in lexicographic order", () => {
    const list = (...factors: number[]) =>
      materialise({ kind: "entries", domain: pairs, at: at(0, ...factors), edges: [] });
    expect(list(1)).toEqual([1, 1, 1, 2, 2, 3]);
    expect(list(0, 1)).toEqual([2, 3, 4, 3, 4, 4]);
    expect(list(10, -1)).toEqual([8, 7, 6, 17, 16, 26]);
  });

  it("leaves exceptions out", () => {
    expect(materialise({ kind: "entries", domain: others, at: at(0, 10, 1), edges: [] })).toEqual([
      12, 13, 21, 23, 31, 32,
    ]);
  });

  it("wraps and clamps", () => {
    const edges = (edge: "ring" | "clamp") => [{ at: at(1, 1), edge, length: 3, stride: 2 }];
    const domain: Domain = [loop(at(0), at(3))];
    expect(materialise({ kind: "entries", domain, at: at(5), edges: edges("ring") })).toEqual([5, 7, 9, 5]);
    expect(materialise({ kind: "entries", domain, at: at(5), edges: edges("clamp") })).toEqual([5, 7, 9, 9]);
  });

  it("counts without listing", () => {
    expect(countEntries(pairs)).toBe(6);
    expect(countEntries(others)).toBe(6);
    expect(countEntries([])).toBe(1);
    expect(countEntries([loop(at(1), at(1e6)), loop(at(1), at(1e6))])).toBe(1e12);
    expect(countEntries([loop(at(1), at(1e6)), loop(at(1, 1), at(1e6))], 2 ** 24)).toBe(Number.POSITIVE_INFINITY);
    expect(countEntries([loop(at(1), at(3)), loop(at(1, 1), at(2))])).toBe(1);
  });

  it("ranks outer tuples, empty ones included", () => {
    expect(materialise({ kind: "prefix", domain: pairs, levels: 1 })).toEqual([0, 0, 0, 1, 1, 2]);
    expect(materialise({ kind: "prefix", domain: others, levels: 1 })).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it("pads rows with the count", () => {
    expect(rowLengths(pairs, 1)).toEqual({ longest: 3, shortest: 0 });
    expect(rowLengths(others, 1)).toEqual({ longest: 2, shortest: 2 });
    expect(materialise({ kind: "rows", domain: pairs, levels: 1, width: 3 })).toEqual([
      0, 1, 2, 3, 4, 6, 5, 6, 6, 6, 6, 6,
    ]);
  });
});
