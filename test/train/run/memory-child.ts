import { trainRun } from "../../../src/train/run/train-run.ts";
import { smallRun } from "./small-run.ts";

/* 100 000 steps in the folder that is named; prints the resident megabytes after 10 000 steps and after all. */
const [path = ""] = process.argv.slice(2);
const resident: number[] = [];

await trainRun({
  ...smallRun,
  options: {
    ...smallRun.options,
    ...{ engine: "onnx", precision: "f32", rate: 1e-3, steps: 100_000 },
    onCheckpoint({ step }) {
      if (step === 10_000 || step === 100_000) resident.push(process.memoryUsage().rss / 2 ** 20);
    },
  },
  run: { path },
});
console.log(JSON.stringify(resident));
