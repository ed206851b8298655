// H = (p_x^2 + p_y^2)/(2*m) + m*w^2*((a - 2*b*cos(w*t))*x^2 + (a + 2*b*cos(w*t))*y^2)/8
// state x = [x, y, p_x, p_y], field = [dH/dp, -dH/dq]
// parameters: m = 1.5, w = 2, a = 0.01, b = 0.3
// x is a batch of states, [B, 2n]; computed in float32

import * as tf from "@tensorflow/tfjs";

export const meta = {
  coordinates: ["x","y"],
  momenta: ["p_x","p_y"],
  shapes: {},
  dimension: 4,
  parameters: {"m":1.5,"w":2,"a":0.01,"b":0.3},
  separable: true,
  timeDependent: true,
  conservative: true,
  source: "(p_x^2 + p_y^2)/(2*m) + m*w^2*((a - 2*b*cos(w*t))*x^2 + (a + 2*b*cos(w*t))*y^2)/8",
};

/**
 * H of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 4]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor1D} H, [B]
 */
export function hamiltonian(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1, k2, k3, k4] = parameters(params);
    const [x1, x2, x3, x4] = tf.split(x, 4, 1);
    const v1 = tf.mul(2, tf.mul(k4, tf.cos(tf.mul(t, k2))));
    const v2 = tf.add(tf.mul(tf.sub(k3, v1), tf.square(x1)), tf.mul(tf.add(k3, v1), tf.square(x2)));
    const v3 = tf.add(tf.div(tf.add(tf.square(x3), tf.square(x4)), tf.mul(2, k1)), tf.mul(0.125, tf.mul(tf.mul(k1, tf.square(k2)), v2)));
    return tf.reshape(v3, [-1]);
  });
}

/**
 * dH/dx of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 4]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} [dH/dq, dH/dp], [B, 4]
 */
export function gradient(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1, k2, k3, k4] = parameters(params);
    const [x1, x2, x3, x4] = tf.split(x, 4, 1);
    const v1 = tf.mul(2, tf.mul(k4, tf.cos(tf.mul(t, k2))));
    const v2 = tf.mul(0.125, tf.mul(k1, tf.square(k2)));
    const v3 = tf.div(1, tf.mul(2, k1));
    const v4 = tf.concat([
      tf.mul(x1, tf.mul(tf.sub(k3, v1), v2)),
      tf.mul(x2, tf.mul(tf.add(k3, v1), v2)),
      tf.mul(x3, v3),
      tf.mul(x4, v3),
    ], 1);
    return tf.mul(2, v4);
  });
}

/**
 * The rate of change of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 4]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} dx/dt = [dH/dp, -dH/dq], [B, 4]
 */
export function field(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1, k2, k3, k4] = parameters(params);
    const [x1, x2, x3, x4] = tf.split(x, 4, 1);
    const v1 = tf.mul(2, tf.mul(k4, tf.cos(tf.mul(t, k2))));
    const v2 = tf.mul(0.125, tf.mul(k1, tf.square(k2)));
    const v3 = tf.div(1, tf.mul(2, k1));
    return tf.concat([
      tf.mul(2, tf.mul(x3, v3)),
      tf.mul(2, tf.mul(x4, v3)),
      tf.mul(-2, tf.mul(x1, tf.mul(tf.sub(k3, v1), v2))),
      tf.mul(-2, tf.mul(x2, tf.mul(tf.add(k3, v1), v2))),
    ], 1);
  });
}

function states(x) {
  if (Array.isArray(x)) x = tf.tensor2d(x);
  if (x.shape.length !== 2 || x.shape[1] !== 4) {
    throw new RangeError(`x must be a tensor of shape [B, 4], got [${x.shape.join(", ")}]`);
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
