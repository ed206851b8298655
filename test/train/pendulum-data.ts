import { type Dataset, makeDataset } from "../../src/data/dataset.ts";

/** The field of p²/2 − cos q. */
export function pendulumField([q, p]: readonly [number, number]): [number, number] {
  return [p, -Math.sin(q)];
}

/** Pendulum swings at times `dt` apart, with derivatives, by very small Runge–Kutta steps: exact to 1e-12. */
export function pendulumRuns(
  starts: readonly (readonly [number, number])[],
  { points, dt }: { readonly points: number; readonly dt: number },
): Dataset {
  const states: number[] = [];
  const derivatives: number[] = [];
  const times: number[] = [];
  for (const start of starts) {
    let x: readonly [number, number] = start;
    for (let k = 0; k < points; k++) {
      states.push(...x);
      derivatives.push(...pendulumField(x));
      times.push(k * dt);
      for (let small = 0; small < 64; small++) x = step(x, dt / 64);
    }
  }
  const runs = starts.map((_, id) => ({ id, start: id * points, end: (id + 1) * points }));
  return makeDataset({
    coordinates: ["q"],
    momenta: ["p"],
    times: Float64Array.from(times),
    states: Float64Array.from(states),
    derivatives: Float64Array.from(derivatives),
    runs,
  });
}

function step([q, p]: readonly [number, number], dt: number): [number, number] {
  const [a, b] = pendulumField([q, p]);
  const [c, d] = pendulumField([q + (dt / 2) * a, p + (dt / 2) * b]);
  const [e, f] = pendulumField([q + (dt / 2) * c, p + (dt / 2) * d]);
  const [g, h] = pendulumField([q + dt * e, p + dt * f]);
  return [q + (dt / 6) * (a + 2 * c + 2 * e + g), p + (dt / 6) * (b + 2 * d + 2 * f + h)];
}

/** The same dataset with the last runs for testing. */
export function withTestRuns(dataset: Dataset, count: number): Dataset {
  const test = new Uint8Array(dataset.rows);
  for (const { start, end } of dataset.runs.slice(-count)) test.fill(1, start, end);
  return makeDataset({ ...dataset, test });
}
