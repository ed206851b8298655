import { compile } from "../../src/compile.ts";
import { type Dataset, makeDataset } from "../../src/data/dataset.ts";
import { randomStream } from "../../src/data/random.ts";
import { compiledField } from "../../src/hnn/plain-field.ts";
import { integrate } from "../../src/integrate/trajectory.ts";

/** Runs of a swinging arm that lose energy, with noise on the angle and the velocity; the last of them test. */
export function swingingArm(formula: string, { runs = 3, rows = 200, noise = [1e-3, 0.02] } = {}): Dataset {
  const { motion } = compiledField(compile(formula));
  const dt = 0.01;
  const stream = randomStream(7, "arm");
  const states: number[] = [];
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const t = (rows - 1) * dt;
    const path = integrate(motion, [Math.PI - 1.2 + 0.3 * run, 0], { t, samples: rows, method: "dop853", rtol: 1e-10 });
    const numbers = stream.at(run);
    states.push(...path.states.map((value, at) => value + noise[at % 2]! * numbers.normal()));
    times.push(...path.times);
  }
  return makeDataset({
    coordinates: ["q"],
    momenta: ["p"],
    times: Float64Array.from(times),
    states: Float64Array.from(states),
    test: new Uint8Array(runs * rows).fill(1, (runs - 1) * rows),
    runs: Array.from({ length: runs }, (_, id) => ({ id, start: id * rows, end: (id + 1) * rows })),
  });
}
