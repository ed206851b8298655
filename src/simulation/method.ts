import type { Source } from "../codegen/target.ts";
import { requireSeries } from "../codegen/taylor/networks.ts";
import { motionFacts } from "../ensemble/facts.ts";
import { HnncError } from "../errors.ts";
import { chooseIntegrator } from "../integrate/choose.ts";
import type { Integrator } from "../integrate/integrator.ts";
import { findIntegrator } from "../integrate/integrators.ts";
import type { SimulateOptions } from "./options.ts";

/** Which machinery runs: compiled Taylor series, or an integrator fused with the field. */
export type Method =
  | { readonly kind: "taylor"; readonly tolerance: number; readonly reason: string }
  | { readonly kind: "integrator"; readonly integrator: Integrator; readonly reason: string };

/** A looser tolerance does not ask for a high order: pairs of Runge–Kutta methods take it. */
const loosestTaylor = 1e-6;
/** 2^-52: the order is that of round-off, and so are the errors. */
const roundOff = Number.EPSILON;
/** Of a larger state a step's coefficients, 21 numbers an entry, take more than 0.7 MB. */
const mostEntries = 4096;

/**
 * Chooses how to compute, for options that `checkRun` has let pass: Taylor series to round-off where neither a step nor a loose tolerance is asked for, with a
 * fixed step what `chooseIntegrator` says.
 *
 * @throws HnncError kind `usage` for an unknown method, or options that a method has no use for
 */
export function chooseMethod(source: Source, options: SimulateOptions): Method {
  const { method = "auto", dt, rtol, atol, events = [] } = options;
  const [start, end] = typeof options.t === "number" ? [0, options.t] : options.t;
  if (events.length > 0) requireSeries(source.model, "events");
  if (method === "taylor") {
    requireSeries(source.model);
    if (dt !== undefined) throw usage("unused-step", "`taylor` chooses its own steps", "give rtol instead of dt");
    if (atol !== undefined) throw usage("unused-tolerance", "`taylor` has one tolerance", "give rtol alone");
    return { kind: "taylor", tolerance: rtol ?? roundOff, reason: "as was asked for" };
  }
  if (events.length > 0 && (method !== "auto" || dt !== undefined || atol !== undefined)) {
    throw usage(
      "events-need-taylor",
      "events are found on the polynomials of `taylor`, with steps of its own and one tolerance",
      "leave out method, dt and atol",
    );
  }
  if (method !== "auto") {
    const integrator = typeof method === "string" ? findIntegrator(method) : method;
    return { kind: "integrator", integrator, reason: "as was asked for" };
  }
  if (events.length > 0) {
    return { kind: "taylor", tolerance: rtol ?? roundOff, reason: "events are found on Taylor polynomials" };
  }
  const fits = source.equations.layout.dimension <= mostEntries;
  if (dt === undefined && atol === undefined && (rtol ?? 0) <= loosestTaylor && fits) {
    const [network] = source.model.networks?.keys() ?? [];
    if (network !== undefined) {
      return withoutTaylor(source, options, `\`${network}\` is a network, which has no Taylor series here`);
    }
    const wanted = rtol === undefined ? "neither step nor tolerance was given" : `a relative tolerance of ${rtol}`;
    const kept = rtol === undefined ? "exact to round-off" : "of the order that suits it";
    return { kind: "taylor", tolerance: rtol ?? roundOff, reason: `${wanted}: Taylor series, ${kept}` };
  }
  return { kind: "integrator", ...chooseIntegrator(motionFacts(source), { horizon: Math.abs(end - start), dt, rtol }) };
}

/**
 * What runs instead of Taylor series.
 *
 * @param why there are none; by default their coefficients do not fit into memory
 */
export function withoutTaylor(
  source: Source,
  { t, rtol }: SimulateOptions,
  why = "Taylor series of this formula would not fit into memory",
): Method & { readonly kind: "integrator" } {
  const horizon = typeof t === "number" ? Math.abs(t) : Math.abs(t[1] - t[0]);
  const { integrator } = chooseIntegrator(motionFacts(source), { horizon, rtol });
  return { kind: "integrator", integrator, reason: `${why}: adaptive, of order ${integrator.order}` };
}

function usage(code: string, message: string, hint: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
