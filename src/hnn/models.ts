import { dissipative } from "./dissipative.ts";
import { hnn } from "./hnn.ts";
import { hybrid } from "./hybrid.ts";
import { lstm } from "./lstm.ts";
import { mlp } from "./mlp.ts";
import type { ModelFamily } from "./model.ts";
import { randomFeatures } from "./random-features.ts";
import { separable } from "./separable.ts";

/** All model families by name; a new one is one file and one line here. */
export const models = {
  hnn,
  separable,
  dissipative,
  hybrid,
  "random-features": randomFeatures,
  mlp,
  lstm,
} satisfies Record<string, ModelFamily>;

export type ModelName = keyof typeof models;

export function isModelName(name: string): name is ModelName {
  return Object.hasOwn(models, name);
}
