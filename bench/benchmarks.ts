import { adaptive } from "./adaptive.ts";
import { batch } from "./batch.ts";
import type { Benchmark } from "./benchmark.ts";
import { compileTime } from "./compile-time.ts";
import { leapfrogEnsemble } from "./ensemble.ts";
import { fieldEvaluation } from "./field.ts";
import { trainingSet } from "./generate.ts";
import { gradientDimension } from "./gradient-dimension.ts";
import { growth } from "./growth.ts";
import { manyBodies } from "./many.ts";
import { networkRollOut } from "./network-roll-out.ts";
import { workPrecision } from "./precision.ts";
import { rollOutTraining } from "./roll-out.ts";
import { scaling } from "./scaling.ts";
import { sizes } from "./sizes.ts";
import { startUp } from "./start-up.ts";
import { taylorMethod } from "./taylor.ts";
import { timeToLoss } from "./time-to-loss.ts";
import { trainingSizes } from "./train-sizes.ts";
import { trainingStep } from "./train-step.ts";

/** Every benchmark by name; `npm run bench -- field` runs one. */
export const benchmarks = {
  compile: compileTime,
  scaling,
  growth,
  field: fieldEvaluation,
  batch,
  ensemble: leapfrogEnsemble,
  adaptive,
  many: manyBodies,
  sizes,
  precision: workPrecision,
  generate: trainingSet,
  "start-up": startUp,
  taylor: taylorMethod,
  "train-step": trainingStep,
  "train-sizes": trainingSizes,
  "time-to-loss": timeToLoss,
  "gradient-dimension": gradientDimension,
  "roll-out": rollOutTraining,
  "network-roll-out": networkRollOut,
} as const satisfies Record<string, Benchmark>;

export type BenchmarkName = keyof typeof benchmarks;
