import { expect, it } from "vitest";
import { makeDataset } from "../../src/data/dataset.ts";
import { thinned } from "../../src/reproduce/thinned.ts";

const states = Float64Array.from({ length: 20 }, (_, at) => at >> 1);
const test = Uint8Array.from([0, 0, 0, 0, 0, 0, 1, 1, 0, 0]);
const dataset = makeDataset({ coordinates: ["q"], momenta: ["p"], states, derivatives: states, test });

it("spreads the rows for training over all, and keeps those for testing", () => {
  const few = thinned(dataset, 4);
  expect(Array.from({ length: few.rows }, (_, row) => few.states[2 * row])).toEqual([0, 2, 4, 6, 7, 8]);
  expect([...few.test!]).toEqual([0, 0, 0, 1, 1, 0]);
  expect(few.derivatives).toEqual(few.states);
});

it("leaves what is small enough alone", () => {
  expect(thinned(dataset, 8)).toBe(dataset);
  expect(thinned(dataset, undefined)).toBe(dataset);
});
