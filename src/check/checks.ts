import type { Check } from "./check.ts";
import { energy } from "./energy.ts";
import { field } from "./field.ts";
import { gradient } from "./gradient.ts";
import { invariants } from "./invariants.ts";
import { orders } from "./orders.ts";
import { reversal } from "./reversal.ts";
import { separability } from "./separability.ts";
import { symplecticity } from "./symplecticity.ts";
import { tensors } from "./tensors.ts";
import { text } from "./text.ts";
import { trajectories } from "./trajectories.ts";
import { units } from "./units.ts";
import { values } from "./values.ts";

/** Every check by name, in the order of the table; a new one is one file and one line here. */
export const checks = {
  text,
  units,
  values,
  gradient,
  field,
  separability,
  trajectories,
  reversal,
  energy,
  symplecticity,
  invariants,
  orders,
  tensors,
} satisfies Record<string, Check>;

export type CheckName = keyof typeof checks;
