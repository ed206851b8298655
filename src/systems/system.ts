import type { Variable } from "../model.ts";

/** Where a formula comes from. At least one of `doi`, `isbn`, `arxiv` names a document that can be found. */
export interface Source {
  /** Authors, title, journal or publisher, year; a place in the document where it is long. */
  readonly citation: string;
  readonly doi?: string;
  readonly isbn?: string;
  readonly arxiv?: string;
}

/** A named start of a system. */
export interface InitialState {
  /** `[q1 … qn, p1 … pn]` in the order of the model text, arrays row-major. */
  readonly x0: readonly number[];
  /** The time after which the motion repeats, where it is known. */
  readonly period?: number;
  /** The value of H at `x0` at t = 0, where it is published or exact. */
  readonly energy?: number;
  readonly note?: string;
}

/** An interval `[low, high]`. */
export type Range = readonly [low: number, high: number];

/** Where random states are drawn. */
export type Region =
  /** Each variable uniform in its range; an array's entries share the range of its name. */
  | { readonly kind: "box"; readonly ranges: Readonly<Record<string, Range>> }
  /** The direction of a uniform point of the cube `[-1, 1]^2n`, at a distance from the origin uniform in `radius`. */
  | { readonly kind: "shell"; readonly radius: Range }
  /** A named initial state, each entry moved by a uniform amount of at most `spread`, or that part of itself. */
  | { readonly kind: "near"; readonly state: string; readonly spread: number; readonly relative?: boolean }
  /**
   * Two or three unit masses around their centre on near-circular orbits, the planar tasks of arXiv:1906.01563. Two:
   * position uniform in the square `radius × radius`, speed scaled by 1 + noise·normal. Three: an equilateral triangle
   * at a distance uniform in `radius`, velocity components scaled by 1 + noise·uniform(-1, 1).
   */
  | { readonly kind: "orbit"; readonly bodies: 2 | 3; readonly radius: Range; readonly noise: number };

/** The training set that a publication made of a system: the numbers that `hnnc generate` takes where none are given. */
export interface TrainingSet {
  readonly trajectories: number;
  /** Equally spaced in time, both ends counted. */
  readonly points: number;
  readonly t: readonly [start: number, end: number];
  /** Standard deviation of the noise on states. */
  readonly noise: number;
  /** The part of the trajectories that is for testing, and which. */
  readonly split: { readonly test: number; readonly which: "first" | "last" };
}

/**
 * One member of the catalogue: a Hamiltonian in the formula language and what is known about it.
 *
 * @example
 * import { compile, systems } from "hnnc";
 * const { field } = compile(systems.kepler);
 */
export interface System {
  /** kebab-case, the same as its file and its key in the registry. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The model text: parameters with defaults, declarations, H, invariants. */
  readonly model: string;
  /** What each coordinate and each momentum means, by the names of the model text, coordinates first. */
  readonly coordinates: Readonly<Record<string, string>>;
  /** Named starts; the first is the default, and where the text gives a start (`q(0) = 1`) it is the same. */
  readonly initialStates: Readonly<Record<string, InitialState>>;
  readonly region: Region;
  readonly trainingSet?: TrainingSet;
  /**
   * Names of the invariants the text declares: quantities other than H that the motion keeps, dI/dt = 0, where time
   * may occur in I itself. Empty where none is known.
   */
  readonly invariants: readonly string[];
  /** The units in which the numbers are meant, such as `kg, m, s`; without it quantities are dimensionless. */
  readonly units?: string;
  readonly source: Source;
  readonly tags: readonly Tag[];
}

/** Groups of the catalogue and properties a search may ask for. */
export type Tag =
  | "oscillator"
  | "pendulum"
  | "gravity"
  | "lattice"
  | "particles"
  | "electromagnetic"
  | "rigid-body"
  | "quantum-classical"
  | "relativity"
  | "optics"
  | "biology"
  | "fluid"
  | "integrable"
  | "chaotic"
  | "non-separable"
  | "time-dependent"
  | "damped"
  | "scalable"
  | "hnn2019";

/** A source of numbers uniform in [0, 1). */
export type Uniform = () => number;

/**
 * A random state of a system.
 *
 * @param variables the model's coordinates, then its momenta
 * @param uniform a seeded generator: the same numbers give the same state
 * @returns `[q1 … qn, p1 … pn]`
 */
export function sampleState(
  system: Pick<System, "region" | "initialStates">,
  variables: readonly Variable[],
  uniform: Uniform,
): number[] {
  const { region } = system;
  switch (region.kind) {
    case "box":
      return variables.flatMap((variable) => {
        const range = region.ranges[variable.name]!;
        return Array.from({ length: entries(variable) }, () => within(range, uniform));
      });
    case "shell":
      return shell(
        region.radius,
        variables.reduce((sum, variable) => sum + entries(variable), 0),
        uniform,
      );
    case "near":
      return system.initialStates[region.state]!.x0.map(
        (x) => x + (region.relative ? x : 1) * region.spread * (2 * uniform() - 1),
      );
    case "orbit":
      return region.bodies === 2 ? twoBodies(region, uniform) : threeBodies(region, uniform);
  }
}

function entries({ shape }: Variable): number {
  return shape.reduce((product, length) => product * length, 1);
}

function within([low, high]: Range, uniform: Uniform): number {
  return low + (high - low) * uniform();
}

function shell(radius: Range, length: number, uniform: Uniform): number[] {
  const direction = Array.from({ length }, () => 2 * uniform() - 1);
  const scale = within(radius, uniform) / Math.hypot(...direction);
  return direction.map((x) => x * scale);
}

interface Orbit {
  readonly radius: Range;
  readonly noise: number;
}

/** `[qx1 qx2 qy1 qy2 px1 px2 py1 py2]`; the circular speed of two unit masses at ±r is 1/(2√r). */
function twoBodies({ radius, noise }: Orbit, uniform: Uniform): number[] {
  const x = within(radius, uniform);
  const y = within(radius, uniform);
  const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const speed = (1 + noise * normal) / (2 * Math.hypot(x, y) ** 1.5);
  return [x, -x, y, -y, -y * speed, y * speed, x * speed, -x * speed];
}

/** `[qx1 qx2 qx3 qy1 qy2 qy3 px1 …]`; the circular speed of three unit masses at distance r is 1/√(r√3). */
function threeBodies({ radius, noise }: Orbit, uniform: Uniform): number[] {
  const [x, y] = shell([1, 1], 2, uniform) as [number, number];
  const r = within(radius, uniform);
  const speed = 1 / Math.sqrt(r * Math.sqrt(3));
  const angles = [0, (2 * Math.PI) / 3, (4 * Math.PI) / 3];
  const qx = angles.map((angle) => x * Math.cos(angle) - y * Math.sin(angle));
  const qy = angles.map((angle) => x * Math.sin(angle) + y * Math.cos(angle));
  const factor = () => speed * (1 + noise * (2 * uniform() - 1));
  return [
    ...qx.map((value) => r * value),
    ...qy.map((value) => r * value),
    ...qy.map((value) => -value * factor()),
    ...qx.map((value) => value * factor()),
  ];
}
