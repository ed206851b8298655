import type { Source } from "../codegen/target.ts";
import { entryNames } from "../mechanics/layout.ts";

/** The names of a state's entries, as datasets have them: arrays entry by entry, `q[1]`, `q[2]`, …. */
export function stateColumns({ equations }: Source): { coordinates: string[]; momenta: string[] } {
  const names = [...equations.layout.state.values()].flatMap(entryNames);
  const { degreesOfFreedom } = equations.layout;
  return { coordinates: names.slice(0, degreesOfFreedom), momenta: names.slice(degreesOfFreedom) };
}
