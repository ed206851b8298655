import type { NetworkOptions } from "../hnn/model.ts";

/** A model of the arm: a formula, published or with constants that are learned. */
export interface ArmModel {
  readonly name: string;
  /** For a person. */
  readonly description: string;
  /** In θ and p = θ̇: H and what drains it. */
  readonly formula: string;
  readonly isLearned: boolean;
  /** The networks behind the formula's unknown functions. */
  readonly functions?: Readonly<Record<string, NetworkOptions>> | undefined;
  /** What is fitted first: its constants are what the fit begins with, and networks begin with 0. */
  readonly completes?: ArmModel | undefined;
}

/**
 * What the arm's makers identified (dynamicslab/MultiArm-Pendulum, MIT): (m a² + I) θ̈ = m g a sin θ − k θ̇, in kg, m, s,
 * θ = 0 upright.
 */
const { a, m, inertia, friction, g } = { a: 0.14775, m: 0.14758, inertia: 1.0912e-4, friction: 2.2394e-4, g: 9.81001 };
const whole = m * a ** 2 + inertia;

const authors: ArmModel = {
  name: "authors",
  description: "p²/2 + K cos θ with friction c, K and c from the mass, length, inertia and friction of its makers",
  formula: `p^2/2 + K cos(q); K = ${(m * g * a) / whole}; damping p = c; c = ${friction / whole}`,
  isLearned: false,
};

const refitted: ArmModel = {
  name: "refitted",
  description: "the same formula, K and c learned",
  formula: "p^2/2 + K cos(q); K = 60 learn; damping p = c; c = 0.05 learn",
  isLearned: true,
};

const terms =
  "p^2/2 + K cos(q - d) + s p sin(q - d); K = 60 learn; d = 0 learn; s = 0 learn; damping p = c + b abs(p) + f/sqrt(p^2 + 0.01); c = 0.05 learn; b = 0 learn; f = 0 learn";

const grey: ArmModel = {
  name: "grey",
  description:
    "the formula with what it leaves out: dry friction and that of air beside the viscous, an upright that is off by d, and a velocity that is measured late (s p sin θ)",
  formula: terms,
  isLearned: true,
};

const hybrid: ArmModel = {
  name: "hybrid",
  description:
    "the same with a force of the angle, G(θ), of four tanh units: what is not round in the arm or its encoder",
  formula: `${terms}; force p = G(q)`,
  isLearned: true,
  functions: { G: { hidden: [4] } },
  completes: grey,
};

/** The models by name. */
export const armModels = { authors, refitted, grey, hybrid } satisfies Record<string, ArmModel>;

export type ArmModelName = keyof typeof armModels;
