import { describe, expect, test } from "vitest";
import { trajectoryTable } from "../../src/cli/trajectory-table.ts";
import { type Dataset, type DatasetParts, makeDataset } from "../../src/data/dataset.ts";

function orbit(parts: Partial<DatasetParts> = {}): Dataset {
  const times = Float64Array.from({ length: 21 }, (_, k) => k / 10);
  return makeDataset({
    coordinates: ["q"],
    momenta: ["p"],
    times,
    states: Float64Array.from([...times].flatMap((t) => [Math.cos(t), -1e-5 * t])),
    energies: new Float64Array(21).fill(123456789.123),
    ...parts,
  });
}

describe("a table for a person", () => {
  test("eleven rows from start to end, columns to the right, seven digits", () => {
    expect(trajectoryTable(orbit(), 80).split("\n")).toEqual([
      "  t            q        p          H",
      "  0            1        0  1.2346e+8",
      "0.2    0.9800666    -2e-6  1.2346e+8",
      "0.4     0.921061    -4e-6  1.2346e+8",
      "0.6    0.8253356    -6e-6  1.2346e+8",
      "0.8    0.6967067    -8e-6  1.2346e+8",
      "  1    0.5403023    -1e-5  1.2346e+8",
      "1.2    0.3623578  -1.2e-5  1.2346e+8",
      "1.4    0.1699671  -1.4e-5  1.2346e+8",
      "1.6  -0.02919952  -1.6e-5  1.2346e+8",
      "1.8   -0.2272021  -1.8e-5  1.2346e+8",
      "  2   -0.4161468    -2e-5  1.2346e+8",
    ]);
  });

  test("a row alone, and no derivatives", () => {
    const one = makeDataset({
      coordinates: ["q"],
      momenta: ["p"],
      times: Float64Array.of(0),
      states: Float64Array.of(1, 0),
      derivatives: Float64Array.of(7, 8),
    });
    expect(trajectoryTable(one, 80)).toBe("t  q  p\n0  1  0");
  });

  test("of several trajectories the last row of each, and how many more there are", () => {
    const runs = Array.from({ length: 21 }, (_, k) => ({ id: k + 5, start: k, end: k + 1 }));
    const lines = trajectoryTable(orbit({ runs }), 80).split("\n");
    expect(lines.length).toBe(1 + 11 + 1);
    expect(lines[0]).toMatch(/^run +t +q +p +H$/);
    expect(lines[1]).toMatch(/^ +5 +0 +1 /);
    expect(lines[11]).toMatch(/^ 15 +1 +0\.5403023 /);
    expect(lines[12]).toBe("… 10 more trajectories");
    expect(trajectoryTable(orbit({ runs }), 80, 1000)).toMatch(/… 989 more trajectories$/);
  });

  test("as many columns as the line holds, H always", () => {
    const names = Array.from({ length: 10 }, (_, k) => `q[${k + 1}]`);
    const wide = makeDataset({
      coordinates: names,
      momenta: names.map((name) => name.replace("q", "p")),
      times: Float64Array.of(0),
      states: new Float64Array(20),
      energies: Float64Array.of(0.5),
    });
    expect(trajectoryTable(wide, 80)).toMatch(/^t +q\[1\] +q\[2\] +q\[3\] +q\[4\] +H\n.*\n… 16 more columns$/);
    for (const width of [20, 40, 79, 100, 200]) {
      for (const line of trajectoryTable(wide, width).split("\n")) {
        expect(line.length).toBeLessThanOrEqual(Math.max(width, 39));
      }
    }
  });
});
