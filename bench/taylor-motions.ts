import { outerSolarSystem } from "../src/systems/outer-solar-system.ts";

/** What the Taylor benchmarks integrate: the names are those of the other side's tasks. */
export interface TaylorMotion {
  readonly title: string;
  readonly model: string;
  readonly x0: readonly number[];
  readonly end: number;
}

export const taylorMotions = {
  pendulum: { title: "pendulum, T = 100", model: "p^2/2 - cos(q)", x0: [1, 0], end: 100 },
  kepler: {
    title: "Kepler, e = 0.6, 100 orbits",
    model: "pairs (x, u), (y, v)\nH = (u^2 + v^2)/2 - 1/sqrt(x^2 + y^2)",
    x0: [0.4, 0, 0, 2],
    end: 200 * Math.PI,
  },
  outer: {
    title: "six outer bodies, 10 000 years",
    model: outerSolarSystem.model,
    x0: outerSolarSystem.initialStates.default!.x0,
    end: 3652500,
  },
} as const satisfies Record<string, TaylorMotion>;

export type TaylorMotionName = keyof typeof taylorMotions;
