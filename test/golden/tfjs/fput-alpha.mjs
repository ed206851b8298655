// H = sum(p[i]^2, i = 1..32)/2 + sum((if(i + 1 <= 32, q[i+1], 0) - if(1 <= i, q[i], 0))^2/2 + alpha*(if(i + 1 <= 32, q[i+1], 0) - if(1 <= i, q[i], 0))^3/3, i = 0..32)
// state x = [q[32], p[32]], field = [dH/dp, -dH/dq]
// parameters: alpha = 0.25
// x is a batch of states, [B, 2n]; computed in float32

import * as tf from "@tensorflow/tfjs";

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[32],"p":[32]},
  dimension: 64,
  parameters: {"alpha":0.25},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2, i = 1..32)/2 + sum((if(i + 1 \u003c= 32, q[i+1], 0) - if(1 \u003c= i, q[i], 0))^2/2 + alpha*(if(i + 1 \u003c= 32, q[i+1], 0) - if(1 \u003c= i, q[i], 0))^3/3, i = 0..32)",
};

// which entries the terms of the sums take
const data1 = new Float32Array(33);
{
  let entry = 0;
  for (let i = 0; i <= 32; i += 1) {
    data1[entry] = i;
    entry += 1;
  }
}

/**
 * H of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 64]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor1D} H, [B]
 */
export function hamiltonian(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1] = parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.tensor(data1, [33]);
    const v2 = select(tf.lessEqual(tf.add(1, v1), 32), tf.concat([x1, tf.slice(x1, [0, 31], [-1, 1])], 1), 0);
    const v3 = select(tf.lessEqual(1, v1), tf.concat([tf.slice(x1, [0, 0], [-1, 1]), x1], 1), 0);
    const v4 = tf.sub(v2, v3);
    const v5 = tf.square(v4);
    const v6 = tf.add(tf.mul(0.5, v5), tf.div(tf.mul(k1, tf.mul(v4, v5)), 3));
    const v7 = tf.add(tf.mul(0.5, tf.sum(tf.square(x2), 1, true)), tf.sum(v6, 1, true));
    return tf.reshape(v7, [-1]);
  });
}

/**
 * dH/dx of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 64]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} [dH/dq, dH/dp], [B, 64]
 */
export function gradient(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1] = parameters(params);
    const batch = x.shape[0];
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.tensor(data1, [33]);
    const v2 = tf.lessEqual(tf.add(1, v1), 32);
    const v3 = select(v2, tf.concat([x1, tf.slice(x1, [0, 31], [-1, 1])], 1), 0);
    const v4 = tf.lessEqual(1, v1);
    const v5 = select(v4, tf.concat([tf.slice(x1, [0, 0], [-1, 1]), x1], 1), 0);
    const v6 = tf.sub(v3, v5);
    const v7 = tf.mul(0.3333333333333333, k1);
    const v8 = tf.mul(v6, tf.add(0.5, tf.mul(v6, v7)));
    const v9 = tf.add(v8, tf.add(tf.mul(tf.square(v6), v7), v8));
    const v10 = select(v4, tf.neg(v9), 0);
    const v11 = select(v2, v9, 0);
    const v12 = tf.concat([
      tf.slice(v10, [0, 0], [-1, 1]),
      tf.zeros([batch, 30]),
      tf.slice(v11, [0, 32], [-1, 1]),
    ], 1);
    const v13 = tf.add(tf.slice(v11, [0, 0], [-1, 32]), tf.add(tf.slice(v10, [0, 1], [-1, 32]), v12));
    return tf.concat([v13, x2], 1);
  });
}

/**
 * The rate of change of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 64]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} dx/dt = [dH/dp, -dH/dq], [B, 64]
 */
export function field(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1] = parameters(params);
    const batch = x.shape[0];
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.tensor(data1, [33]);
    const v2 = tf.lessEqual(tf.add(1, v1), 32);
    const v3 = select(v2, tf.concat([x1, tf.slice(x1, [0, 31], [-1, 1])], 1), 0);
    const v4 = tf.lessEqual(1, v1);
    const v5 = select(v4, tf.concat([tf.slice(x1, [0, 0], [-1, 1]), x1], 1), 0);
    const v6 = tf.sub(v3, v5);
    const v7 = tf.mul(0.3333333333333333, k1);
    const v8 = tf.mul(v6, tf.add(0.5, tf.mul(v6, v7)));
    const v9 = tf.add(v8, tf.add(tf.mul(tf.square(v6), v7), v8));
    const v10 = select(v4, tf.neg(v9), 0);
    const v11 = select(v2, v9, 0);
    const v12 = tf.concat([
      tf.slice(v10, [0, 0], [-1, 1]),
      tf.zeros([batch, 30]),
      tf.slice(v11, [0, 32], [-1, 1]),
    ], 1);
    const v13 = tf.add(tf.slice(v11, [0, 0], [-1, 32]), tf.add(tf.slice(v10, [0, 1], [-1, 32]), v12));
    return tf.concat([x2, tf.neg(v13)], 1);
  });
}

/** a where the condition holds, else b. The condition has no gradient. */
function select(condition, a, b) {
  if (typeof a === "number") a = tf.scalar(a);
  if (typeof b === "number") {
    const left = tf.customGrad((u, save) => {
      save([condition]);
      return { value: tf.where(condition, u, b), gradFunc: (dy, [saved]) => select(saved, dy, 0) };
    });
    return left(a);
  }
  const both = tf.customGrad((u, v, save) => {
    save([condition]);
    return {
      value: tf.where(condition, u, v),
      gradFunc: (dy, [saved]) => [select(saved, dy, 0), select(tf.logicalNot(saved), dy, 0)],
    };
  });
  return both(a, b);
}

function states(x) {
  if (Array.isArray(x)) x = tf.tensor2d(x);
  if (x.shape.length !== 2 || x.shape[1] !== 64) {
    throw new RangeError(`x must be a tensor of shape [B, 64], got [${x.shape.join(", ")}]`);
  }
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}

/** @typedef {Record<string, number | number[] | tf.Tensor>} Parameters numbers, arrays, tensors or variables */

/** The parameters in the order of meta.parameters. */
function parameters(given) {
  const shapes = [[]];
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
