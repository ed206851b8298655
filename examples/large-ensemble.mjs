// Ten thousand pendulums at once by leapfrog on all cores, written to Parquet as they come.
import { compile, openWriter, planSimulation, readDataset } from "hnnc";

const count = 10_000;
const starts = Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? (3 * i) / (2 * count) : 0));
const plan = planSimulation(compile("p^2/2 - cos(q)"), {
  x0: starts,
  t: 50,
  dt: 0.05,
  samples: 51,
  method: "leapfrog",
});

const writer = await openWriter("pendulums.parquet", plan.header);
const { steps } = await plan.run((chunk) => writer.write(chunk));
await writer.close();

const { rows, runs, energies } = await readDataset("pendulums.parquet");
const errors = runs.map(({ start, end }) => Math.abs(energies[end - 1] - energies[start]));
console.log(
  `${steps} steps, ${rows} rows in ${runs.length} runs, energy errors at most ${Math.max(...errors).toFixed(4)}`,
);
