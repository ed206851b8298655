import fc from "fast-check";
import { type Dataset, makeDataset, type Run } from "../../src/data/dataset.ts";
import type { Provenance } from "../../src/data/provenance.ts";

/** Any f64 with the bits that trip text formats up: -0, subnormals, infinities, NaN. */
export const anyNumber = fc.oneof(
  { arbitrary: fc.double(), weight: 6 },
  fc.constantFrom(0, -0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 1 / 3, 1e21, 1e-7),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.integer().map((value) => value),
);

const names = fc.constantFrom<readonly (readonly string[])[]>(
  [["q"], ["p"]],
  [["θ"], ["p_θ"]],
  [
    ["q[1]", "q[2]"],
    ["p[1]", "p[2]"],
  ],
  [["q[1,1]"], ['p "quoted"']],
);

const provenance = fc.constantFrom<Provenance>(
  {},
  { hnnc: "0.1.0", formula: "p^2/2 - cos(q)", parameters: { m: 1, k: [1, 2] }, method: "leapfrog", dt: 0.1, seed: 7 },
  { formula: 'two\nlines\r\n# é "𝜃" \u2028', noise: { sigma: 0.1 }, rtol: 1e-12, bits: "portable" },
);

/** Datasets of every shape, with every combination of optional columns. */
export const anyDataset: fc.Arbitrary<Dataset> = fc
  .record({
    names,
    provenance,
    lengths: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
    firstId: fc.constantFrom(0, 0, 3, 2 ** 31 - 5),
    has: fc.record({ times: fc.boolean(), derivatives: fc.boolean(), energies: fc.boolean(), test: fc.boolean() }),
  })
  .chain(({ names: [coordinates, momenta], provenance, lengths, firstId, has }) => {
    const rows = lengths.reduce((sum, length) => sum + length, 0);
    const width = 2 * coordinates!.length;
    const numbers = (count: number) =>
      fc.array(anyNumber, { minLength: count, maxLength: count }).map((values) => Float64Array.from(values));
    return fc
      .tuple(numbers(rows), numbers(rows * width), numbers(rows * width), numbers(rows), numbers(rows))
      .map(([times, states, derivatives, energies, marks]) =>
        makeDataset({
          coordinates: coordinates!,
          momenta: momenta!,
          states,
          times: has.times ? times : undefined,
          derivatives: has.derivatives ? derivatives : undefined,
          energies: has.energies ? energies : undefined,
          test: has.test ? Uint8Array.from(marks, (mark) => (mark > 0 ? 1 : 0)) : undefined,
          runs: runsOf(lengths, firstId),
          provenance,
        }),
      );
  });

function runsOf(lengths: readonly number[], firstId: number): Run[] {
  let start = 0;
  return lengths.map((length, k) => {
    start += length;
    return { id: firstId + k, start: start - length, end: start };
  });
}

/** Trajectories of (q̈ = −q), run r with amplitude 1 + r, `rows` a run, all columns filled. */
export function oscillations(runs: number, rows: number, provenance: Provenance = {}, firstId = 0): Dataset {
  const count = runs * rows;
  const at = (row: number) => ({ a: 1 + firstId + Math.floor(row / rows), t: (row % rows) * 0.1 });
  const pairs = (of: (a: number, t: number) => readonly [number, number]) =>
    Float64Array.from(Array.from({ length: count }, (_, row) => of(at(row).a, at(row).t)).flat());
  return makeDataset({
    coordinates: ["q"],
    momenta: ["p"],
    times: Float64Array.from({ length: count }, (_, row) => at(row).t),
    states: pairs((a, t) => [a * Math.cos(t), -a * Math.sin(t)]),
    derivatives: pairs((a, t) => [-a * Math.sin(t), -a * Math.cos(t)]),
    energies: Float64Array.from({ length: count }, (_, row) => at(row).a ** 2 / 2),
    runs: runsOf(new Array(runs).fill(rows), firstId),
    provenance,
  });
}

/** The bytes of numbers, where NaNs of every kind are one. */
export function bits(values: Float64Array | Uint8Array | undefined): string {
  if (values === undefined) return "absent";
  const plain =
    values instanceof Float64Array ? values.map((value) => (Number.isNaN(value) ? Number.NaN : value)) : values;
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString("hex");
}

/** Everything a file has to keep, in a form that `toEqual` compares to the bit. */
export function fingerprint(dataset: Dataset) {
  const { coordinates, momenta, rows, times, states, derivatives, energies, test, runs, provenance } = dataset;
  return {
    names: { coordinates, momenta, rows, runs, provenance },
    numbers: [times, states, derivatives, energies, test].map(bits),
  };
}
