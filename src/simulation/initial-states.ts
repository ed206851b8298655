import { HnncError } from "../errors.ts";
import { describeState } from "../integrate/describe-state.ts";
import { layoutOf } from "../mechanics/layout.ts";
import type { Model } from "../model.ts";

/**
 * The starts of a run as one vector.
 *
 * @param x0 one state `[2n]` or several `[B·2n]`, row-major; without it the start that the model text gives
 * @throws HnncError kind `usage` where a state is not finite, has another length, or there is none
 */
export function initialStates(model: Model, x0?: ArrayLike<number>): Float64Array {
  const { dimension } = layoutOf(model);
  const states = x0 === undefined ? ownStart(model) : Float64Array.from(x0);
  const count = states.length / dimension;
  if (!Number.isInteger(count) || count === 0) {
    throw usage(
      `the start has ${states.length} numbers, a state has ${dimension}: ${stateOrder(model)}`,
      `give ${dimension} numbers, or a multiple for several starts`,
    );
  }
  const bad = states.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return states;
  const from = bad - (bad % dimension);
  throw usage(`the start is not finite: ${describeState(states.subarray(from, from + dimension))}`);
}

/** `[q1 … qn, p1 … pn]` from statements such as `q(0) = 1`. */
function ownStart(model: Model): Float64Array {
  const { state, dimension } = layoutOf(model);
  const start = new Float64Array(dimension);
  const missing: string[] = [];
  for (const { name, offset, size } of state.values()) {
    const value = model.initial.get(name);
    if (value === undefined) missing.push(name);
    else if (typeof value === "number") start.fill(value, offset, offset + size);
    else start.set(value, offset);
  }
  if (missing.length === 0) return start;
  throw usage(
    `the model gives no start for ${missing.map((name) => `\`${name}\``).join(", ")}`,
    `give x0, ${stateOrder(model)}, or write \`${missing[0]}(0) = …\` into the model`,
  );
}

/** `[x, y, p_x, p_y]`, arrays as `q[…]`. */
function stateOrder({ coordinates, momenta }: Model): string {
  const names = [...coordinates, ...momenta].map(({ name, shape }) => (shape.length > 0 ? `${name}[…]` : name));
  return `[${names.join(", ")}]`;
}

function usage(message: string, hint?: string): HnncError {
  return new HnncError({ kind: "usage", code: "bad-start", message, hint });
}
