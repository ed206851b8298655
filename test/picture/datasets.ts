import { type Compiled, compile } from "../../src/compile.ts";
import { makeDataset, type Run, type Trajectory } from "../../src/data/dataset.ts";
import { type IntegrateOptions, integrate } from "../../src/integrate/trajectory.ts";
import { entryNames, layoutOf } from "../../src/mechanics/layout.ts";

/** Trajectories of a model by an integrator in plain JavaScript, with the provenance that `simulate` writes. */
export function trajectoriesOf(
  text: string,
  starts: readonly (readonly number[])[],
  options: IntegrateOptions,
): Trajectory {
  const compiled = compile(text);
  const names = [...layoutOf(compiled.model).state.values()].flatMap(entryNames);
  const times: number[] = [];
  const states: number[] = [];
  const runs = starts.map((x0, id): Run => {
    const found = integrate(motionOf(compiled), x0, options);
    const start = times.length;
    times.push(...found.times);
    states.push(...found.states);
    return { id, start, end: times.length };
  });
  const energies = times.map((t, row) =>
    compiled.hamiltonian(states.slice(row * names.length, (row + 1) * names.length), undefined, t),
  );
  const { dt } = options;
  return makeDataset({
    coordinates: names.slice(0, names.length / 2),
    momenta: names.slice(names.length / 2),
    times: Float64Array.from(times),
    states: Float64Array.from(states),
    energies: Float64Array.from(energies),
    runs,
    provenance: {
      hnnc: "0.0.0",
      formula: compiled.model.source.trim(),
      parameters: compiled.meta.parameters as Record<string, number>,
      method: typeof options.method === "string" ? options.method : "dop853",
      ...(dt === undefined ? { rtol: options.rtol ?? 1e-10 } : { dt }),
    },
  });
}

function motionOf({ field, meta, separable, model }: Compiled) {
  return {
    degreesOfFreedom: meta.dimension / 2,
    separable,
    timeDependent: model.timeDependent,
    damped: !meta.conservative,
    field: (x: Float64Array, out: Float64Array, t: number) => void field(x, out, undefined, t),
  };
}

export const pendulum = "p^2/2 - cos(q)";
export const kepler = "pairs (x, p_x), (y, p_y)\nH = (p_x^2 + p_y^2)/2 - 1/sqrt(x^2 + y^2)";
export const henonHeiles = "pairs (x, p_x), (y, p_y)\nH = (p_x^2 + p_y^2)/2 + (x^2 + y^2)/2 + x^2 y - y^3/3";

/** A swing of the pendulum. */
export const swing: Trajectory = trajectoriesOf(pendulum, [[1, 0]], { t: 20, dt: 0.05, method: "leapfrog" });
