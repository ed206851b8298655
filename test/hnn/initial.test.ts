import { describe, expect, it } from "vitest";
import { hnn } from "../../src/hnn/hnn.ts";
import { initialValues } from "../../src/hnn/initial.ts";

function gram(matrix: Float64Array, rows: number, columns: number): number[][] {
  const isTall = rows >= columns;
  const count = Math.min(rows, columns);
  const at = (k: number, l: number) => (isTall ? matrix[l * columns + k]! : matrix[k * columns + l]!);
  return Array.from({ length: count }, (_, a) =>
    Array.from({ length: count }, (_, b) => {
      let total = 0;
      for (let l = 0; l < Math.max(rows, columns); l++) total += at(a, l) * at(b, l);
      return total;
    }),
  );
}

describe("orthogonal matrices", () => {
  it.each([
    [2, 200],
    [200, 2],
    [40, 40],
    [30, 1],
  ])("[%i, %i] have orthonormal rows or columns to 1e-14 (rounding of sums of 200)", (rows, columns) => {
    const matrix = initialValues({ kind: "orthogonal" }, { name: "w", shape: [rows, columns] }, 3);
    gram(matrix, rows, columns).forEach((row, a) => {
      row.forEach((value, b) => {
        expect(Math.abs(value - (a === b ? 1 : 0))).toBeLessThan(1e-14);
      });
    });
  });

  it("are spread evenly: the mean of an entry over 400 seeds is 0 within four standard errors", () => {
    const entries = Array.from(
      { length: 400 },
      (_, seed) => initialValues({ kind: "orthogonal" }, { name: "w", shape: [3, 3] }, seed)[0]!,
    );
    const mean = entries.reduce((a, b) => a + b, 0) / entries.length;
    const meanSquare = entries.reduce((a, b) => a + b * b, 0) / entries.length;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 3 / 400));
    // E[Q₁₁²] = 1/3 with variance 4/45
    expect(Math.abs(meanSquare - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / 400));
  });
});

describe("first parameters", () => {
  const model = hnn.create({ dimension: 2, hidden: [5, 4] });

  it("are those of the seed", () => {
    expect(model.parameters.initial(7)).toEqual(model.parameters.initial(7));
    expect(model.parameters.initial(7)).not.toEqual(model.parameters.initial(8));
  });

  it("stay when other arrays change", () => {
    const wider = hnn.create({ dimension: 2, hidden: [5, 9] });
    const first = (from: typeof model) => from.parameters.initial(7).slice(0, 15);
    expect(first(wider)).toEqual(first(model));
  });

  it("have biases within 1/√in, none on the last layer", () => {
    const names = model.parameters.slices.map(({ name }) => name);
    expect(names).toEqual(["energy.weight1", "energy.bias1", "energy.weight2", "energy.bias2", "energy.weight3"]);
    const { offset, size } = model.parameters.slices[3]!;
    const biases = model.parameters.initial(1).slice(offset, offset + size);
    expect(biases.every((value) => value !== 0 && Math.abs(value) < 1 / Math.sqrt(5))).toBe(true);
  });

  it("are these numbers, on every machine and engine", () => {
    expect(Array.from(model.parameters.initial(0).slice(0, 3), (value) => value.toFixed(12))).toMatchInlineSnapshot(`
      [
        "-0.481478517750",
        "-0.089102902884",
        "0.213043991213",
      ]
    `);
  });
});
