// H = sum((p[i, 1]^2 + p[i, 2]^2 + p[i, 3]^2)/(2*m[i]), i = 1..4) - G*sum(m[i]*m[j]/sqrt((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2 + (q[i, 3] - q[j, 3])^2), i = 1..4, j = i+1..4)
// state x = [q[4,3], p[4,3]], field = [dH/dp, -dH/dq]
// parameters: G = 1, m = [1, 0.8, 0.6, 0.5]
// x is a batch of states, [B, 2n]; computed in float32

import * as tf from "@tensorflow/tfjs";

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[4,3],"p":[4,3]},
  dimension: 24,
  parameters: {"G":1,"m":[1,0.8,0.6,0.5]},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum((p[i, 1]^2 + p[i, 2]^2 + p[i, 3]^2)/(2*m[i]), i = 1..4) - G*sum(m[i]*m[j]/sqrt((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2 + (q[i, 3] - q[j, 3])^2), i = 1..4, j = i+1..4)",
};

// which entries the terms of the sums take
const index1 = new Int32Array(6);
const index2 = new Int32Array(6);
{
  let entry = 0;
  let rank1 = -1;
  for (let i = 1; i <= 4; i += 1) {
    rank1 += 1;
    for (let j = i + 1; j <= 4; j += 1) {
      index1[entry] = j - 1;
      index2[entry] = rank1;
      entry += 1;
    }
  }
}

/**
 * H of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 24]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor1D} H, [B]
 */
export function hamiltonian(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1, k2] = parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.div(tf.sum(tf.square(tf.reshape(x2, [-1, 4, 3])), 2), tf.mul(2, k2));
    const v2 = tf.reshape(x1, [-1, 4, 3]);
    const v3 = tf.square(tf.sub(gather(v2, index2, 1), gather(v2, index1, 1)));
    const v4 = tf.div(tf.mul(gather(k2, index1, 0), gather(k2, index2, 0)), tf.sqrt(tf.sum(v3, 2)));
    return tf.reshape(tf.sub(tf.sum(v1, 1, true), tf.mul(k1, tf.sum(v4, 1, true))), [-1]);
  });
}

/**
 * dH/dx of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 24]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} [dH/dq, dH/dp], [B, 24]
 */
export function gradient(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1, k2] = parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.reshape(x1, [-1, 4, 3]);
    const v2 = tf.sub(gather(v1, index2, 1), gather(v1, index1, 1));
    const v3 = tf.sqrt(tf.sum(tf.square(v2), 2));
    const v4 = tf.div(tf.mul(gather(k2, index1, 0), gather(k2, index2, 0)), v3);
    const v5 = tf.reshape(tf.div(tf.mul(v4, tf.div(tf.neg(k1), v3)), tf.mul(2, v3)), [-1, 6, 1]);
    const v6 = tf.mul(v2, tf.neg(v5));
    const v7 = tf.sub(scatterAdd(v6, index2, 1, 4), scatterAdd(v6, index1, 1, 4));
    const v8 = tf.mul(tf.reshape(x2, [-1, 4, 3]), tf.reshape(tf.div(1, tf.mul(2, k2)), [4, 1]));
    const v9 = tf.concat([tf.reshape(v7, [-1, 12]), tf.reshape(v8, [-1, 12])], 1);
    return tf.mul(2, v9);
  });
}

/**
 * The rate of change of each state.
 *
 * @param {tf.Tensor2D} x states, [B, 24]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {tf.Tensor2D} dx/dt = [dH/dp, -dH/dq], [B, 24]
 */
export function field(x, params = {}, t = 0) {
  return tf.tidy(() => {
    x = states(x);
    const [k1, k2] = parameters(params);
    const [x1, x2] = tf.split(x, 2, 1);
    const v1 = tf.reshape(x1, [-1, 4, 3]);
    const v2 = tf.sub(gather(v1, index2, 1), gather(v1, index1, 1));
    const v3 = tf.sqrt(tf.sum(tf.square(v2), 2));
    const v4 = tf.div(tf.mul(gather(k2, index1, 0), gather(k2, index2, 0)), v3);
    const v5 = tf.reshape(tf.div(tf.mul(v4, tf.div(tf.neg(k1), v3)), tf.mul(2, v3)), [-1, 6, 1]);
    const v6 = tf.mul(v2, tf.neg(v5));
    const v7 = tf.sub(scatterAdd(v6, index2, 1, 4), scatterAdd(v6, index1, 1, 4));
    const v8 = tf.mul(tf.reshape(x2, [-1, 4, 3]), tf.reshape(tf.div(1, tf.mul(2, k2)), [4, 1]));
    return tf.concat([tf.mul(2, tf.reshape(v8, [-1, 12])), tf.mul(-2, tf.reshape(v7, [-1, 12]))], 1);
  });
}

/** The entries of x with these indices along an axis. Its gradient is scatterAdd, with kernels in every backend. */
function gather(x, index, axis) {
  const length = x.shape[axis];
  const pick = tf.customGrad((a) => ({
    value: tf.gather(a, tf.tensor1d(index, "int32"), axis),
    gradFunc: (dy) => scatterAdd(dy, index, axis, length),
  }));
  return pick(x);
}

/** The transpose of gather: entry n of the result is the sum of the entries m of x with index[m] = n. */
function scatterAdd(x, index, axis, length) {
  const put = tf.customGrad((a) => {
    const order = [axis, ...a.shape.keys()].filter((k, place) => place === 0 || k !== axis);
    const back = a.shape.map((_, k) => order.indexOf(k));
    const first = tf.transpose(a, order);
    const places = tf.tensor2d(index, [index.length, 1], "int32");
    const summed = tf.scatterND(places, first, [length, ...first.shape.slice(1)]);
    return { value: tf.transpose(summed, back), gradFunc: (dy) => gather(dy, index, axis) };
  });
  return put(x);
}

function states(x) {
  if (Array.isArray(x)) x = tf.tensor2d(x);
  if (x.shape.length !== 2 || x.shape[1] !== 24) {
    throw new RangeError(`x must be a tensor of shape [B, 24], got [${x.shape.join(", ")}]`);
  }
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}

/** @typedef {Record<string, number | number[] | tf.Tensor>} Parameters numbers, arrays, tensors or variables */

/** The parameters in the order of meta.parameters. */
function parameters(given) {
  const shapes = [[],[4]];
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
