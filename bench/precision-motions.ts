import { henonHeiles } from "../src/systems/henon-heiles.ts";
import { outerSolarSystem } from "../src/systems/outer-solar-system.ts";

/** What precision is measured on; bench/peers/precision.py has the same. */
export interface PrecisionMotion {
  readonly title: string;
  readonly model: string;
  readonly x0: readonly number[];
  readonly end: number;
  /** How often methods of fixed steps may evaluate the force, about. */
  readonly budgets: readonly number[];
  /** Where the motion ends, if it is known otherwise than by our Taylor series. */
  readonly known?: readonly number[];
  /** The errors that the fastest ways to are compared. */
  readonly wanted: readonly number[];
}

/** Kepler's orbit is closed: after ten periods it is where it began. */
const perihelion = [0.4, 0, 0, 2];

export const precisionMotions = {
  kepler: {
    title: "Kepler, e = 0.6, 10 orbits",
    model: "pairs (x, u), (y, v)\nH = (u^2 + v^2)/2 - 1/sqrt(x^2 + y^2)",
    x0: perihelion,
    end: 20 * Math.PI,
    budgets: [2 ** 11, 2 ** 13, 2 ** 15, 2 ** 17],
    known: perihelion,
    wanted: [1e-4, 1e-8, 1e-11],
  },
  "henon-heiles": {
    title: "Hénon–Heiles, T = 100",
    model: henonHeiles.model,
    x0: henonHeiles.initialStates.default!.x0,
    end: 100,
    budgets: [2 ** 9, 2 ** 11, 2 ** 13, 2 ** 15],
    wanted: [1e-4, 1e-8, 1e-11],
  },
  outer: {
    title: "six outer bodies, 100 000 days",
    model: outerSolarSystem.model,
    x0: outerSolarSystem.initialStates.default!.x0,
    end: 100_000,
    budgets: [2 ** 9, 2 ** 11, 2 ** 13, 2 ** 15],
    wanted: [1e-4, 1e-8, 1e-11],
  },
} as const satisfies Record<string, PrecisionMotion>;

export type PrecisionMotionName = keyof typeof precisionMotions;
