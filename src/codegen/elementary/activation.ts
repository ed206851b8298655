import type { ActivationName } from "../../network.ts";
import { elementary } from "./elementary.ts";
import type { Lanes, Routine } from "./lanes.ts";
import { sincos } from "./trigonometric.ts";

/** An activation f as routines: f; f and f′ for the way back through a network; f, f′ and f″ for second derivatives. */
export interface Activation {
  readonly value: Routine;
  readonly slope: Routine;
  readonly curvature: Routine;
}

type Rule = <V, M>(l: Lanes<V, M>, z: V) => V;
type SlopeRule = <V, M>(l: Lanes<V, M>, z: V) => readonly [y: V, dy: V];

const values: { readonly [K in ActivationName]: Rule } = {
  tanh: elementary.tanh,
  softplus: elementary.softplus,
  swish: (l, z) => l.mul(z, elementary.sigmoid(l, z)),
  sin: elementary.sin,
  relu: (l, z) => l.max(z, l.constant(0)),
};

const slopes: { readonly [K in ActivationName]: SlopeRule } = {
  // 1 − y²
  tanh: (l, z) => {
    const y = elementary.tanh(l, z);
    return [y, l.nmadd(y, y, l.constant(1))];
  },
  softplus: (l, z) => [elementary.softplus(l, z), elementary.sigmoid(l, z)],
  // σ + y(1 − σ)
  swish: (l, z) => {
    const sigmoid = elementary.sigmoid(l, z);
    const y = l.mul(z, sigmoid);
    return [y, l.madd(y, l.sub(l.constant(1), sigmoid), sigmoid)];
  },
  sin: (l, z) => sincos(l, z),
  // of two slopes at 0 the one above, as in array programs
  relu: (l, z) => {
    const zero = l.constant(0);
    return [l.max(z, zero), l.select(l.lessEqual(zero, z), l.constant(1), zero)];
  },
};

type CurvatureRule = <V, M>(l: Lanes<V, M>, z: V) => readonly [y: V, dy: V, ddy: V];

const curvatures: { readonly [K in ActivationName]: CurvatureRule } = {
  // −2y·y′
  tanh: (l, z) => {
    const [y, dy] = slopes.tanh(l, z);
    return [y, dy, l.mul(l.mul(l.constant(-2), y), dy)];
  },
  // σ(1 − σ)
  softplus: (l, z) => {
    const [y, sigmoid] = slopes.softplus(l, z);
    return [y, sigmoid, l.mul(sigmoid, l.sub(l.constant(1), sigmoid))];
  },
  // y′(1 − σ) + σ(1 − σ)(1 − y)
  swish: (l, z) => {
    const one = l.constant(1);
    const sigmoid = elementary.sigmoid(l, z);
    const [y, rest] = [l.mul(z, sigmoid), l.sub(one, sigmoid)];
    const dy = l.madd(y, rest, sigmoid);
    return [y, dy, l.madd(dy, rest, l.mul(l.mul(sigmoid, rest), l.sub(one, y)))];
  },
  sin: (l, z) => {
    const [sine, cosine] = sincos(l, z);
    return [sine, cosine, l.neg(sine)];
  },
  relu: (l, z) => [...slopes.relu(l, z), l.constant(0)],
};

/** Every activation over lanes, so that strict WebAssembly and portable JavaScript give the same bits. */
export const activations = Object.fromEntries(
  (Object.keys(values) as ActivationName[]).map((name): [ActivationName, Activation] => [
    name,
    {
      value: { name: `${name}Activation`, arity: 1, results: 1, body: (l, z) => [values[name](l, z)] },
      slope: { name: `${name}Slope`, arity: 1, results: 2, body: (l, z) => slopes[name](l, z) },
      curvature: { name: `${name}Curvature`, arity: 1, results: 3, body: (l, z) => curvatures[name](l, z) },
    },
  ]),
) as Readonly<Record<ActivationName, Activation>>;
