// H = p^2/(2*m*l^2) + m*g*l*(1 - cos(q))
// state x = [q, p], field = [dH/dp, -dH/dq - damping*dH/dp + force]
// parameters: m = 0.3, l = 0.5, g = 9.81, b = 0.02
// x is a batch of states, [B, 2n]; computed in float32

import * as tf from "@tensorflow/tfjs";

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {},
  dimension: 2,
  parameters: {"m":0.3,"l":0.5,"g":9.81,"b":0.02},
  separable: true,
  timeDependent: false,
  conservative: false,
  source: "p^2/(2*m*l^2) + m*g*l*(1 - cos(q))",
};

/**
 * H of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 2]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor1D} H, [B]
 */
export function hamiltonian(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1, k2, k3] = parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.add(tf.div(tf.square(x2), tf.mul(2, tf.mul(k1, tf.square(k2)))), tf.mul(tf.mul(k2, tf.mul(k1, k3)), tf.sub(1, tf.cos(x1))));
    return tf.reshape(v1, [-1]);
  });
}

/**
 * dH/dx of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 2]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} [dH/dq, dH/dp], [B, 2]
 */
export function gradient(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1, k2, k3] = parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.neg(tf.mul(tf.neg(tf.mul(k2, tf.mul(k1, k3))), tf.sin(x1)));
    const v2 = tf.mul(2, tf.mul(x2, tf.div(1, tf.mul(2, tf.mul(k1, tf.square(k2))))));
    return tf.concat([v1, v2], 1);
  });
}

/**
 * The rate of change of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 2]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} dx/dt = [dH/dp, -dH/dq - damping*dH/dp + force], [B, 2]
 */
export function field(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1, k2, k3, k4] = parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.mul(x2, tf.div(1, tf.mul(2, tf.mul(k1, tf.square(k2)))));
    const v2 = tf.sub(tf.mul(tf.neg(tf.mul(k2, tf.mul(k1, k3))), tf.sin(x1)), tf.mul(2, tf.mul(k4, v1)));
    return tf.concat([tf.mul(2, v1), v2], 1);
  });
}

function states(x) {
  if (Array.isArray(x)) x = tf.tensor2d(x);
  if (x.shape.length !== 2 || x.shape[1] !== 2) {
    throw new RangeError(`x must be a tensor of shape [B, 2], got [${x.shape.join(", ")}]`);
  }
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}

/** @typedef {Record<string, number | number[] | tf.Tensor>} Parameters numbers, arrays, tensors or variables */

/** The parameters in the order of meta.parameters. */
function parameters(given) {
  const shapes = [[],[],[],[]];
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
