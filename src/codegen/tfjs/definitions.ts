import { decoderText } from "../base64.ts";

/** Functions that an emitted TensorFlow.js module carries, if it needs them. */
export type TfjsHelper = "wrap" | "clamp" | "numbers" | "gather" | "scatterAdd" | "select" | "spread" | "sumLong";

/** What a helper calls itself. */
const needs: { readonly [K in TfjsHelper]: readonly TfjsHelper[] } = {
  wrap: [],
  clamp: [],
  numbers: [],
  gather: ["scatterAdd"],
  scatterAdd: ["gather"],
  select: [],
  spread: [],
  sumLong: [],
};

/**
 * Their text. `gather`, `scatterAdd` and `select` carry gradients of their own: TensorFlow.js 4.22 lacks a kernel that
 * the gradient of `tf.gather` needs in its wasm backend, has none for `tf.scatterND`, and fails on `tf.where` with a
 * condition that depends on the variable.
 */
const texts: { readonly [K in TfjsHelper]: string } = {
  wrap: `/** The 0-based place of a 1-based index on a ring. */
function wrap(at, length) {
  return (((at - 1) % length) + length) % length;
}
`,
  clamp: `/** The 0-based place of a 1-based index, or of the nearest end. */
function clamp(at, length) {
  return Math.min(Math.max(at - 1, 0), length - 1);
}
`,
  numbers: decoderText("f32"),
  gather: `/** The entries of x with these indices along an axis. Its gradient is scatterAdd, with kernels in every backend. */
function gather(x, index, axis) {
  const length = x.shape[axis];
  const pick = tf.customGrad((a) => ({
    value: tf.gather(a, tf.tensor1d(index, "int32"), axis),
    gradFunc: (dy) => scatterAdd(dy, index, axis, length),
  }));
  return pick(x);
}
`,
  scatterAdd: `/** The transpose of gather: entry n of the result is the sum of the entries m of x with index[m] = n. */
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
`,
  select: `/** a where the condition holds, else b. The condition has no gradient. */
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
`,
  spread: `/** x repeated to a shape. The gradient of a sum adds up in one step, that of tf.broadcastTo one copy at a time. */
function spread(x, shape) {
  return tf.add(x, tf.zeros(shape));
}
`,
  sumLong: `/** A sum of many terms, by rows: added up one after the other in float32, they would lose digits. */
function sumLong(x, axis) {
  const width = Math.ceil(Math.sqrt(x.shape[axis]));
  const missing = width * width - x.shape[axis];
  const filled = tf.pad(x, x.shape.map((_, k) => [0, k === axis ? missing : 0]));
  const rows = tf.reshape(filled, [...x.shape.slice(0, axis), width, width, ...x.shape.slice(axis + 1)]);
  return tf.sum(tf.sum(rows, axis + 1), axis);
}
`,
};

const order = Object.keys(texts) as readonly TfjsHelper[];

/** The texts of the helpers and of those that they call, in a fixed order. */
export function helperTexts(used: Iterable<TfjsHelper>): string[] {
  const wanted = new Set(used);
  for (const helper of wanted) for (const other of needs[helper]) wanted.add(other);
  return order.filter((helper) => wanted.has(helper)).map((helper) => texts[helper].trimEnd());
}
