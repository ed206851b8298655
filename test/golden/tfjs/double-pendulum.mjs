// H = (m2*l2^2*p1^2 + (m1 + m2)*l1^2*p2^2 - 2*m2*l1*l2*p1*p2*cos(theta1 - theta2))/(2*m2*l1^2*l2^2*(m1 + m2*sin(theta1 - theta2)^2)) - (m1 + m2)*g*l1*cos(theta1) - m2*g*l2*cos(theta2)
// state x = [theta1, theta2, p1, p2], field = [dH/dp, -dH/dq]
// parameters: m1 = 1, m2 = 0.7, l1 = 1, l2 = 0.8, g = 9.81
// x is a batch of states, [B, 2n]; computed in float32

import * as tf from "@tensorflow/tfjs";

export const meta = {
  coordinates: ["theta1","theta2"],
  momenta: ["p1","p2"],
  shapes: {},
  dimension: 4,
  parameters: {"m1":1,"m2":0.7,"l1":1,"l2":0.8,"g":9.81},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "(m2*l2^2*p1^2 + (m1 + m2)*l1^2*p2^2 - 2*m2*l1*l2*p1*p2*cos(theta1 - theta2))/(2*m2*l1^2*l2^2*(m1 + m2*sin(theta1 - theta2)^2)) - (m1 + m2)*g*l1*cos(theta1) - m2*g*l2*cos(theta2)",
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
    const [k1, k2, k3, k4, k5] = parameters(params);
    const [x1, x2, x3, x4] = tf.split(x, 4, 1);
    const v1 = tf.square(k4);
    const v2 = tf.add(k1, k2);
    const v3 = tf.square(k3);
    const v4 = tf.add(tf.mul(tf.mul(k2, v1), tf.square(x3)), tf.mul(tf.mul(v2, v3), tf.square(x4)));
    const v5 = tf.sub(x1, x2);
    const v6 = tf.mul(tf.mul(x4, tf.mul(x3, tf.mul(k4, tf.mul(k2, k3)))), tf.cos(v5));
    const v7 = tf.mul(tf.mul(v1, tf.mul(k2, v3)), tf.add(k1, tf.mul(k2, tf.square(tf.sin(v5)))));
    const v8 = tf.sub(tf.div(tf.sub(v4, tf.mul(2, v6)), tf.mul(2, v7)), tf.mul(tf.mul(k3, tf.mul(k5, v2)), tf.cos(x1)));
    return tf.reshape(tf.sub(v8, tf.mul(tf.mul(k4, tf.mul(k2, k5)), tf.cos(x2))), [-1]);
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
    const [k1, k2, k3, k4, k5] = parameters(params);
    const [x1, x2, x3, x4] = tf.split(x, 4, 1);
    const v1 = tf.square(k4);
    const v2 = tf.mul(k2, v1);
    const v3 = tf.add(k1, k2);
    const v4 = tf.square(k3);
    const v5 = tf.mul(v3, v4);
    const v6 = tf.mul(k4, tf.mul(k2, k3));
    const v7 = tf.mul(x3, v6);
    const v8 = tf.mul(x4, v7);
    const v9 = tf.sub(x1, x2);
    const v10 = tf.cos(v9);
    const v11 = tf.sub(tf.add(tf.mul(v2, tf.square(x3)), tf.mul(v5, tf.square(x4))), tf.mul(2, tf.mul(v8, v10)));
    const v12 = tf.mul(v1, tf.mul(k2, v4));
    const v13 = tf.sin(v9);
    const v14 = tf.mul(2, tf.mul(v12, tf.add(k1, tf.mul(k2, tf.square(v13)))));
    const v15 = tf.div(1, v14);
    const v16 = tf.mul(v13, tf.mul(k2, tf.mul(v12, tf.mul(tf.div(v11, v14), v15))));
    const v17 = tf.mul(v10, v15);
    const v18 = tf.add(tf.mul(-4, tf.mul(v10, v16)), tf.mul(2, tf.mul(v13, tf.mul(v8, v15))));
    const v19 = tf.mul(x4, tf.mul(v5, v15));
    const v20 = tf.mul(x3, tf.mul(v2, v15));
    const v21 = tf.sub(v18, tf.mul(tf.neg(tf.mul(k3, tf.mul(k5, v3))), tf.sin(x1)));
    const v22 = tf.add(tf.mul(tf.neg(tf.mul(k4, tf.mul(k2, k5))), tf.sin(x2)), v18);
    const v23 = tf.add(v20, tf.add(tf.mul(-2, tf.mul(v6, tf.mul(x4, v17))), v20));
    return tf.concat([v21, tf.neg(v22), v23, tf.add(v19, tf.add(tf.mul(-2, tf.mul(v7, v17)), v19))], 1);
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
    const [k1, k2, k3, k4, k5] = parameters(params);
    const [x1, x2, x3, x4] = tf.split(x, 4, 1);
    const v1 = tf.square(k4);
    const v2 = tf.mul(k2, v1);
    const v3 = tf.add(k1, k2);
    const v4 = tf.square(k3);
    const v5 = tf.mul(v3, v4);
    const v6 = tf.mul(k4, tf.mul(k2, k3));
    const v7 = tf.mul(x3, v6);
    const v8 = tf.mul(x4, v7);
    const v9 = tf.sub(x1, x2);
    const v10 = tf.cos(v9);
    const v11 = tf.sub(tf.add(tf.mul(v2, tf.square(x3)), tf.mul(v5, tf.square(x4))), tf.mul(2, tf.mul(v8, v10)));
    const v12 = tf.mul(v1, tf.mul(k2, v4));
    const v13 = tf.sin(v9);
    const v14 = tf.mul(2, tf.mul(v12, tf.add(k1, tf.mul(k2, tf.square(v13)))));
    const v15 = tf.div(1, v14);
    const v16 = tf.mul(v13, tf.mul(k2, tf.mul(v12, tf.mul(tf.div(v11, v14), v15))));
    const v17 = tf.mul(v10, v15);
    const v18 = tf.add(tf.mul(-4, tf.mul(v10, v16)), tf.mul(2, tf.mul(v13, tf.mul(v8, v15))));
    const v19 = tf.mul(x4, tf.mul(v5, v15));
    const v20 = tf.mul(x3, tf.mul(v2, v15));
    const v21 = tf.add(tf.mul(tf.neg(tf.mul(k4, tf.mul(k2, k5))), tf.sin(x2)), v18);
    const v22 = tf.add(v20, tf.add(tf.mul(-2, tf.mul(v6, tf.mul(x4, v17))), v20));
    const v23 = tf.sub(tf.mul(tf.neg(tf.mul(k3, tf.mul(k5, v3))), tf.sin(x1)), v18);
    return tf.concat([v22, tf.add(v19, tf.add(tf.mul(-2, tf.mul(v7, v17)), v19)), v23, v21], 1);
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
  const shapes = [[],[],[],[],[]];
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
