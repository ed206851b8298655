// H = sum(p[i]^2/2 + exp(q[i] - q[i+1]), i = 1..6)
// state x = [q[6], p[6]], field = [dH/dp, -dH/dq]
// x is a batch of states, [B, 2n]; computed in float32

import * as tf from "@tensorflow/tfjs";

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[6],"p":[6]},
  dimension: 12,
  parameters: {},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2/2 + exp(q[i] - q[i+1]), i = 1..6)",
};

/**
 * H of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 12]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor1D} H, [B]
 */
export function hamiltonian(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.concat([tf.slice(x1, [0, 1], [-1, 5]), tf.slice(x1, [0, 0], [-1, 1])], 1);
    const v2 = tf.sum(tf.add(tf.mul(0.5, tf.square(x2)), tf.exp(tf.sub(x1, v1))), 1, true);
    return tf.reshape(v2, [-1]);
  });
}

/**
 * dH/dx of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 12]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} [dH/dq, dH/dp], [B, 12]
 */
export function gradient(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.concat([tf.slice(x1, [0, 1], [-1, 5]), tf.slice(x1, [0, 0], [-1, 1])], 1);
    const v2 = tf.exp(tf.sub(x1, v1));
    const v3 = tf.neg(v2);
    const v4 = tf.concat([tf.slice(v3, [0, 5], [-1, 1]), tf.slice(v3, [0, 0], [-1, 5])], 1);
    return tf.concat([tf.add(v2, v4), x2], 1);
  });
}

/**
 * The rate of change of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 12]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} dx/dt = [dH/dp, -dH/dq], [B, 12]
 */
export function field(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.concat([tf.slice(x1, [0, 1], [-1, 5]), tf.slice(x1, [0, 0], [-1, 1])], 1);
    const v2 = tf.exp(tf.sub(x1, v1));
    const v3 = tf.neg(v2);
    const v4 = tf.concat([tf.slice(v3, [0, 5], [-1, 1]), tf.slice(v3, [0, 0], [-1, 5])], 1);
    return tf.concat([x2, tf.neg(tf.add(v2, v4))], 1);
  });
}

function states(x) {
  if (Array.isArray(x)) x = tf.tensor2d(x);
  if (x.shape.length !== 2 || x.shape[1] !== 12) {
    throw new RangeError(`x must be a tensor of shape [B, 12], got [${x.shape.join(", ")}]`);
  }
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}

/** @typedef {Record<string, number | number[] | tf.Tensor>} Parameters numbers, arrays, tensors or variables */

/** The parameters in the order of meta.parameters. */
function parameters(given) {
  const shapes = [];
  const known = Object.keys(meta.parameters);
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      throw new RangeError(`unknown parameter ${name}; the parameters are: ${known.join(", ") || "none"}`);
    }
  }
  return known.map((name, k) => {
    const value = (Object.hasOwn(given, name) ? given[name] : null) ?? meta.parameters[name];
    if (value === null) throw new RangeError(`parameter ${name} must be given`);
    if (typeof value === "number") return shapes[k].length === 0 ? value : tf.fill(shapes[k], value);
    const isPlain = Array.isArray(value) || ArrayBuffer.isView(value);
    const tensor = isPlain ? tf.tensor(value) : value;
    const size = shapes[k].reduce((product, length) => product * length, 1);
    if (tensor.size !== size) throw new RangeError(`parameter ${name} needs ${size} numbers, got ${tensor.size}`);
    return tf.reshape(tensor, shapes[k]);
  });
}
