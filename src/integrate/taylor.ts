import type { Citation, Integrator } from "./integrator.ts";

/**
 * What is known of the adaptive Taylor-series method. It needs the formula and not only the field: its recurrences are
 * compiled by `codegen/taylor/taylor.ts`, and no plain stepper runs it.
 */
export interface TaylorMethod
  extends Pick<
    Integrator,
    "symplectic" | "reversible" | "adaptive" | "explicit" | "requires" | "timeDependent" | "damping"
  > {
  readonly name: "taylor";
  readonly title: string;
  /** The order P for a tolerance: at P the last coefficients outweigh the error of a step in the least time. */
  readonly order: (tolerance: number) => number;
  readonly source: Citation;
}

export const taylor: TaylorMethod = {
  name: "taylor",
  title: "Taylor series of adaptive order and step",
  order: (tolerance) => Math.max(2, Math.ceil(1 - Math.log(tolerance) / 2)),
  symplectic: false,
  reversible: false,
  adaptive: true,
  explicit: true,
  requires: "any",
  timeDependent: true,
  damping: true,
  source: {
    citation:
      "À. Jorba, M. Zou, A software package for the numerical integration of ODEs by means of high-order Taylor methods, Experimental Mathematics 14 (2005) 99–117",
    doi: "10.1080/10586458.2005.10128904",
  },
};
