/** A Hamiltonian as text that mathjs reads too, with everything written out. */
export interface Formula {
  readonly hamiltonian: string;
  readonly coordinates: readonly string[];
  readonly momenta: readonly string[];
  readonly parameters: readonly string[];
}

const axes = ["x", "y", "z"] as const;

/**
 * Newtonian gravity of `bodies` bodies in space: 6·bodies derivatives. `tag` is part of every name, so that each
 * repetition is work that no cache has seen.
 */
export function gravity(bodies: number, tag: string | number = ""): Formula {
  const body = Array.from({ length: bodies }, (_, k) => k + 1);
  const q = (axis: string, k: number): string => `${axis}${tag}b${k}`;
  const p = (axis: string, k: number): string => `p${axis}${tag}b${k}`;
  const mass = (k: number): string => `m${tag}b${k}`;
  const kinetic = body.map((k) => `(${axes.map((axis) => `${p(axis, k)}^2`).join(" + ")})/(2*${mass(k)})`);
  const potential = body.flatMap((a) =>
    body
      .filter((b) => b > a)
      .map((b) => {
        const squares = axes.map((axis) => `(${q(axis, a)} - ${q(axis, b)})^2`);
        return `g${tag}*${mass(a)}*${mass(b)}/sqrt(${squares.join(" + ")})`;
      }),
  );
  return {
    hamiltonian: `${kinetic.join(" + ")} - ${potential.join(" - ")}`,
    coordinates: body.flatMap((k) => axes.map((axis) => q(axis, k))),
    momenta: body.flatMap((k) => axes.map((axis) => p(axis, k))),
    parameters: [`g${tag}`, ...body.map(mass)],
  };
}

/** The model text of a formula, every parameter 1. */
export function modelText({ hamiltonian, coordinates, momenta, parameters }: Formula): string {
  const pairs = coordinates.map((q, k) => `(${q}, ${momenta[k]})`).join(", ");
  return [`pairs ${pairs}`, ...parameters.map((name) => `${name} = 1`), `H = ${hamiltonian}`].join("\n");
}

/** A chain of N springs with a quartic term, by indexed sums. */
export function chain(n: number): string {
  return [
    `q: [${n}], p: [${n}]`,
    "boundary q = 0",
    `H = sum(p[i]^2/2, i = 1..${n}) + sum((q[i+1] - q[i])^2/2 + (q[i+1] - q[i])^4/4, i = 0..${n})`,
  ].join("\n");
}

/** N bodies on a line that attract each other, by a sum over pairs. */
export function pairSum(n: number): string {
  return [
    `q: [${n}], p: [${n}]`,
    `H = sum(p[i]^2/2, i = 1..${n}) - sum(1/sqrt((q[i] - q[j])^2 + 0.01), 1 <= i < j <= ${n})`,
  ].join("\n");
}
