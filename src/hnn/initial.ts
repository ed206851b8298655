import { type RandomStream, randomStream } from "../data/random.ts";

/** How an array of parameters begins. */
export type Initial =
  /** A matrix whose rows or columns, whichever are fewer, are orthonormal. */
  | { readonly kind: "orthogonal" }
  /** Uniform in (−bound, bound). */
  | { readonly kind: "uniform"; readonly bound: number }
  /** The numbers themselves, row-major. */
  | { readonly kind: "values"; readonly values: readonly number[] };

/**
 * The first values of an array of parameters. They depend on the seed and the array's name and on nothing else, so
 * that another layer, engine or precision does not change them.
 *
 * @param shape two axes for `orthogonal`
 * @returns row-major
 */
export function initialValues(
  initial: Initial,
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  seed: number,
): Float64Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const stream = randomStream(seed, `parameters ${name}`);
  switch (initial.kind) {
    case "orthogonal":
      return orthogonal(shape[0]!, shape[1]!, stream);
    case "uniform": {
      const numbers = stream.at(0);
      return Float64Array.from({ length: size }, () => initial.bound * (2 * numbers.uniform() - 1));
    }
    case "values":
      return Float64Array.from(initial.values);
  }
}

/**
 * A random matrix with orthonormal rows or columns: Q of the QR decomposition of normal numbers, with the signs that
 * make the diagonal of R positive, as which it is uniformly distributed (Mezzadri, Notices of the AMS 54 (2007) 592,
 * arXiv:math-ph/0609050). Saxe, McClelland, Ganguli, arXiv:1312.6120, say why networks begin so.
 */
function orthogonal(rows: number, columns: number, stream: RandomStream): Float64Array {
  const [length, count] = [Math.max(rows, columns), Math.min(rows, columns)];
  const vectors = Array.from({ length: count }, (_, k) => {
    const vector = new Float64Array(length);
    stream.normals(k, 0, vector);
    return vector;
  });
  vectors.forEach((vector, k) => {
    // once more, since what is left of a vector may be small beside what was taken away
    for (let pass = 0; pass < 2; pass++) for (const other of vectors.slice(0, k)) subtractProjection(vector, other);
    const norm = Math.sqrt(dot(vector, vector));
    vector.forEach((value, at) => {
      vector[at] = value / norm;
    });
  });
  const isTall = rows >= columns;
  return Float64Array.from({ length: rows * columns }, (_, flat) => {
    const [row, column] = [Math.floor(flat / columns), flat % columns];
    return isTall ? vectors[column]![row]! : vectors[row]![column]!;
  });
}

function subtractProjection(vector: Float64Array, onto: Float64Array): void {
  const along = dot(vector, onto);
  for (let at = 0; at < vector.length; at++) vector[at]! -= along * onto[at]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let at = 0; at < a.length; at++) total += a[at]! * b[at]!;
  return total;
}
