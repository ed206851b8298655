import type { Compiled } from "../compile.ts";
import type { Json } from "../data/provenance.ts";
import { randomStream } from "../data/random.ts";
import { boxSampler, type Energy, energySampler, type StateSampler } from "../data/sampling.ts";
import { HnncError } from "../errors.ts";
import type { Variable } from "../model.ts";
import { type InitialState, type Range, type Region, sampleState } from "../systems/system.ts";

/** Where the trajectories of a training set begin. */
export interface StartOptions {
  /**
   * Where states are drawn. The ranges of a box stand by names of coordinates and momenta; entries of an array share the
   * range of its name. Default: the region of the catalogue's system.
   */
  readonly region?: Region | undefined;
  /**
   * A range: states of the region with such energies, distributed as in the region. A number: states of exactly this
   * energy, the momenta of drawn states being scaled.
   */
  readonly energy?: number | Range | undefined;
  /** These states instead, [B, 2n] row-major. */
  readonly x0?: ArrayLike<number> | undefined;
  /** Of everything that is random. Default 0. */
  readonly seed?: number | undefined;
}

/** What a system of the catalogue knows about starts. */
export interface KnownStarts {
  readonly region: Region;
  readonly initialStates: Readonly<Record<string, InitialState>>;
}

/** The starts of a training set: each depends on its number and the seed alone. */
export interface Starts {
  /** The start of trajectory k, `[2n]`. */
  at(k: number): Float64Array;
  /** How many there are, where they are given. */
  readonly count: number | undefined;
  /** For provenance. */
  readonly told: Json;
}

/** Draws for one start, where H is not finite at some states of the region. */
const mostDraws = 1000;

/**
 * Finds out how starts are drawn.
 *
 * @param hamiltonian H at the time of the start
 * @throws HnncError kind `usage`: without a region, for a region that does not fit the model, for states of another length
 */
export function startsOf(
  { model, meta }: Compiled,
  hamiltonian: Energy,
  options: StartOptions,
  known?: KnownStarts,
): Starts {
  const { x0, energy, seed = 0 } = options;
  const variables = [...model.coordinates, ...model.momenta];
  if (x0 !== undefined) return givenStarts(x0, meta.dimension, options);
  const region = regionOf(options.region, variables, known);
  requireEnergy(energy);
  const inRegion = finite(hamiltonian, regionSampler(region, variables, meta.dimension, known));
  const draw = energy === undefined ? inRegion : energySampler(hamiltonian, { from: inRegion, energy });
  const stream = randomStream(seed, "starts");
  return {
    at: (k) => Float64Array.from(draw(stream.at(k).uniform)),
    count: undefined,
    told: { region: region as unknown as Json, ...(energy !== undefined && { energy }) },
  };
}

function givenStarts(x0: ArrayLike<number>, dimension: number, { region, energy }: StartOptions): Starts {
  if (region !== undefined || energy !== undefined) {
    throw usage("x0-and-region", "states are either given or drawn", "leave out x0, or the region and the energy");
  }
  const states = Float64Array.from(x0);
  const count = states.length / dimension;
  if (!Number.isInteger(count) || count === 0) {
    throw usage("bad-start", `${states.length} numbers are not states of ${dimension}`);
  }
  const bad = states.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw usage("bad-start", `start ${Math.floor(bad / dimension) + 1} holds ${states[bad]}`);
  return { at: (k) => states.slice(k * dimension, (k + 1) * dimension), count, told: { given: count } };
}

function regionOf(given: Region | undefined, variables: readonly Variable[], known: KnownStarts | undefined): Region {
  const names = variables.map(({ name }) => name);
  const region = given ?? known?.region;
  if (!region) {
    const example = names.map((name) => `${name}=-1:1`).join(",");
    throw usage(
      "no-region",
      "it is not said where trajectories begin: a formula has no region of its own",
      `give a range for each variable, --region ${example}`,
    );
  }
  if (region.kind === "shell") requireRange("radius", region.radius);
  if (region.kind !== "box") return region;
  const usual = known?.region.kind === "box" ? known.region.ranges : {};
  const ranges = { ...usual, ...region.ranges };
  const unknown = Object.keys(region.ranges).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw usage("bad-region", `the model has no variable \`${unknown}\``, undefined, [`variables: ${names.join(" ")}`]);
  }
  const missing = names.filter((name) => !Object.hasOwn(ranges, name));
  if (missing.length > 0) {
    throw usage(
      "bad-region",
      `the region says nothing about ${missing.map((name) => `\`${name}\``).join(", ")}`,
      `add ${missing.map((name) => `${name}=-1:1`).join(",")}`,
    );
  }
  for (const name of names) requireRange(name, ranges[name]!);
  return { kind: "box", ranges: Object.fromEntries(names.map((name) => [name, ranges[name]!])) };
}

function requireRange(name: string, [low, high]: Range): void {
  if (Number.isFinite(low) && Number.isFinite(high) && low <= high) return;
  throw usage("bad-region", `\`${name}\` from ${low} to ${high} is no range`, "write the lower end first: q=-2:2");
}

function requireEnergy(energy: StartOptions["energy"]): void {
  if (energy === undefined) return;
  const [low, high] = typeof energy === "number" ? [energy, energy] : energy;
  if (Number.isFinite(low) && Number.isFinite(high) && low <= high) return;
  throw usage(
    "bad-energy",
    `energies from ${low} to ${high} are no range`,
    "write the lower end first: --energy 0.5:2",
  );
}

function regionSampler(
  region: Region,
  variables: readonly Variable[],
  dimension: number,
  known: KnownStarts | undefined,
): StateSampler {
  if (region.kind === "box") {
    return boxSampler(
      variables.flatMap(({ name, shape }) => {
        const size = shape.reduce((product, length) => product * length, 1);
        return new Array<Range>(size).fill(region.ranges[name]!);
      }),
    );
  }
  const { initialStates = {} } = known ?? {};
  return (uniform) => {
    const state = sampleState({ region, initialStates }, variables, uniform);
    if (state.length === dimension) return state;
    throw usage(
      "bad-region",
      `the region makes states of ${state.length} numbers, the model has ${dimension}`,
      "give a region: --region q=-1:1,p=-1:1",
    );
  };
}

/** Draws again where H is not a finite number: outside the domain of a square root, on a singularity. */
function finite(hamiltonian: Energy, draw: StateSampler): StateSampler {
  return (uniform) => {
    for (let k = 0; k < mostDraws; k++) {
      const state = Float64Array.from(draw(uniform));
      if (Number.isFinite(hamiltonian(state))) return state;
    }
    throw usage("bad-region", `H is not finite at ${mostDraws} states of the region`, "choose another region");
  };
}

function usage(code: string, message: string, hint?: string, notes?: readonly string[]): HnncError {
  return new HnncError({ kind: "usage", code, message, hint, notes });
}
