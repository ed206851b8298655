import { beforeAll, describe, expect, it } from "vitest";
import { HnncError } from "../../src/errors.ts";
import { verifyInvariant } from "../../src/mechanics/invariant.ts";
import { separate } from "../../src/mechanics/separate.ts";
import { checkUnits } from "../../src/mechanics/units.ts";
import { type Region, type System, sampleState } from "../../src/systems/system.ts";
import { findSystem, nearestSystems, systemNames, systems } from "../../src/systems/systems.ts";
import { derivativeAt } from "../corpus/finite-difference.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { type PhaseSpace, phaseSpace } from "./phase-space.ts";

const catalogue: readonly System[] = Object.values(systems);
const statesEach = 3;
const firstTime = 0.3;

function sampledStates(system: System, { model }: PhaseSpace): number[][] {
  const uniform = randomNumbers(1906);
  return Array.from({ length: statesEach }, () =>
    sampleState(system, [...model.coordinates, ...model.momenta], uniform),
  );
}

describe("the registry", () => {
  it("holds at least 35 systems under their own names", () => {
    expect(catalogue.length).toBeGreaterThanOrEqual(35);
    expect(catalogue.map(({ name }) => name)).toEqual(systemNames);
    for (const { name } of catalogue) expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(new Set(catalogue.map(({ title }) => title)).size).toBe(catalogue.length);
  });

  it("finds by name and names the nearest otherwise", () => {
    expect(findSystem("kepler").title).toBe("Kepler problem");
    expect(nearestSystems("henon heiles")).toEqual(["henon-heiles"]);
    expect(nearestSystems("xyzzyx")).toEqual([]);
    expect(() => findSystem("doublependulum")).toThrow(HnncError);
    let message = "";
    try {
      findSystem("keplr");
    } catch (error) {
      message = (error as HnncError).format();
    }
    expect(message).toBe(
      [
        "error[unknown-system]: `keplr` is not a system of the catalogue",
        "  nearest: kepler",
        "  hint: `hnnc systems kepler`",
      ].join("\n"),
    );
  });

  it("does not find what every object has", () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      expect(() => findSystem(name)).toThrow(HnncError);
    }
  });
});

describe.each(catalogue.map((system) => ({ name: system.name, system })))("$name", ({ system }) => {
  let space: PhaseSpace;
  let model: PhaseSpace["model"];
  let layout: PhaseSpace["layout"];

  beforeAll(() => {
    space = phaseSpace(system);
    ({ model, layout } = space);
  });

  it("has as many momenta as coordinates, each with its meaning", () => {
    expect(model.momenta.map(({ shape }) => shape)).toEqual(model.coordinates.map(({ shape }) => shape));
    expect(Object.keys(system.coordinates)).toEqual([...layout.state.keys()]);
    expect(model.unknownFunctions).toEqual([]);
    expect(model.warnings).toEqual([]);
  });

  it("has consistent units where it has any", () => {
    expect(checkUnits(model).errors).toEqual([]);
    if (model.inUnits) expect(system.units).toBeDefined();
  });

  it("says where it comes from", () => {
    const { citation, doi, isbn, arxiv } = system.source;
    expect(citation).toMatch(/\b(1[89]|20)\d\d\b/);
    expect(doi ?? isbn ?? arxiv).toBeDefined();
    if (doi !== undefined) expect(doi).toMatch(/^10\.\d{4,}\/\S+$/);
    if (isbn !== undefined) expect(isIsbn13(isbn)).toBe(true);
    if (arxiv !== undefined) expect(arxiv).toMatch(/^(\d{4}\.\d{4,5}|[a-z-]+\/\d{7})$/);
    expect(system.description).toMatch(/^[A-Z].*\.$/);
  });

  it("has tags that say what it is", () => {
    const has = (tag: System["tags"][number]) => system.tags.includes(tag);
    expect(has("time-dependent")).toBe(model.timeDependent);
    expect(has("damped")).toBe(model.damping.length > 0);
    const names = {
      coordinates: model.coordinates.map(({ name }) => name),
      momenta: model.momenta.map(({ name }) => name),
    };
    expect(has("non-separable")).toBe(!separate(model.hamiltonian, names).separable);
    expect(has("integrable") && has("chaotic")).toBe(false);
  });

  it("has initial states of the right length with the energies they claim (1e-6 relative: published digits)", () => {
    const states = Object.values(system.initialStates);
    expect(states.length).toBeGreaterThan(0);
    for (const { x0, energy } of states) {
      expect(x0.length).toBe(layout.dimension);
      const H = space.hamiltonian(x0);
      expect(Number.isFinite(H)).toBe(true);
      if (energy !== undefined) expect(Math.abs(H - energy)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(energy)));
    }
  });

  it("starts in the text where it starts by default", () => {
    const [first] = Object.values(system.initialStates);
    for (const [name, value] of model.initial) {
      const { offset, size } = layout.state.get(name)!;
      expect([value].flat()).toEqual(first!.x0.slice(offset, offset + size));
    }
  });

  it("samples states where H is finite", () => {
    if (system.region.kind === "box") expect(Object.keys(system.region.ranges)).toEqual([...layout.state.keys()]);
    const states = sampledStates(system, space);
    for (const x of states) {
      expect(x.length).toBe(layout.dimension);
      expect(Number.isFinite(space.hamiltonian(x, firstTime))).toBe(true);
    }
    expect(states[0]).not.toEqual(states[1]);
  });

  it("has the gradient that extrapolated differences of H give (1e-8 of the largest component: cancellation in H)", () => {
    const [x] = sampledStates(system, space) as [number[]];
    const dH = space.gradient(x, firstTime);
    const largest = Math.max(...dH.map(Math.abs));
    for (const at of x.keys()) {
      const moved = (value: number) => space.hamiltonian(x.with(at, value), firstTime);
      expect(Math.abs(dH[at]! - derivativeAt(moved, x[at]!))).toBeLessThanOrEqual(1e-8 * largest);
    }
  });

  it("keeps its invariants", () => {
    expect(model.invariants.map(({ name }) => name)).toEqual(system.invariants);
    for (const { name, value } of model.invariants) {
      const { verdict } = verifyInvariant(model, value);
      expect([name, verdict]).toEqual([name, expect.stringMatching(/^(symbolic|numeric)$/)]);
    }
  });

  it("keeps its invariants by differences alone (1e-7 of the terms of the bracket)", () => {
    for (const { value } of model.invariants) {
      const [x] = sampledStates(system, space) as [number[]];
      const { rate, scale } = rateByDifferences((y, t) => space.value(value, y, t), space, x);
      expect(Math.abs(rate)).toBeLessThanOrEqual(1e-7 * scale);
    }
  });
});

/** dI/dt = ∂I/∂t + ∇I · ẋ at t = 0.3 and the sum of the magnitudes of its terms, I differenced, ẋ = J ∇H differenced. */
function rateByDifferences(I: (x: number[], t: number) => number, space: PhaseSpace, x: readonly number[]) {
  const slope = (f: (x: number[], t: number) => number, at: number) =>
    derivativeAt((value) => f(x.with(at, value), firstTime), x[at]!);
  const n = space.layout.degreesOfFreedom;
  const terms = [derivativeAt((t) => I([...x], t), firstTime)];
  for (let i = 0; i < n; i++) {
    terms.push(slope(I, i) * slope(space.hamiltonian, i + n), -slope(I, i + n) * slope(space.hamiltonian, i));
  }
  return { rate: terms.reduce((a, b) => a + b), scale: terms.reduce((a, b) => a + Math.abs(b), Number.MIN_VALUE) };
}

/** The check digit of an ISBN-13: digits weighted 1, 3, 1, 3, … sum to a multiple of ten. */
function isIsbn13(text: string): boolean {
  const digits = text.replaceAll("-", "");
  if (!/^\d{13}$/.test(digits)) return false;
  return [...digits].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}

describe("sampling", () => {
  const sample = (region: Region, length: number) => {
    const system = { ...systems.spring, region, initialStates: { here: { x0: [1, -2, 3, 4] } } };
    const variable = { name: "q", shape: [length], ring: false };
    const uniform = randomNumbers(7);
    return Array.from({ length: 200 }, () => sampleState(system, [variable], uniform));
  };

  it("of a box stays inside and reaches its edges", () => {
    const flat = sample({ kind: "box", ranges: { q: [-2, 5] } }, 4).flat();
    expect(flat.length).toBe(800);
    expect(Math.min(...flat)).toBeGreaterThanOrEqual(-2);
    expect(Math.min(...flat)).toBeLessThan(-1.9);
    expect(Math.max(...flat)).toBeLessThanOrEqual(5);
    expect(Math.max(...flat)).toBeGreaterThan(4.9);
  });

  it("of a shell keeps the radius", () => {
    const radii = sample({ kind: "shell", radius: [1.3, 2.3] }, 2).map((x) => Math.hypot(...x));
    expect(Math.min(...radii)).toBeGreaterThanOrEqual(1.3);
    expect(Math.max(...radii)).toBeLessThanOrEqual(2.3);
    expect(Math.max(...radii) - Math.min(...radii)).toBeGreaterThan(0.9);
  });

  it("near a state stays near it", () => {
    for (const x of sample({ kind: "near", state: "here", spread: 0.1 }, 4)) {
      for (const [at, centre] of [1, -2, 3, 4].entries()) expect(Math.abs(x[at]! - centre)).toBeLessThanOrEqual(0.1);
    }
  });

  it("of two bodies without noise gives circular orbits: momentum zero, 2 T = −V", () => {
    const space = phaseSpace(systems["two-body"]);
    for (const x of sample({ kind: "orbit", bodies: 2, radius: [0.5, 1.5], noise: 0 }, 8).slice(0, 5)) {
      const kinetic = space.hamiltonian([0, 1e9, 0, 0, ...x.slice(4)]);
      expect(space.hamiltonian(x)).toBeCloseTo(-kinetic, 8);
      expect(x[4]! + x[5]!).toBe(0);
      expect(x[0]! * x[4]! + x[2]! * x[6]!).toBeCloseTo(0, 14);
    }
  });

  it("of three bodies without noise gives circular orbits: every acceleration is −(v²/r²) r", () => {
    const space = phaseSpace(systems["three-body"]);
    for (const x of sample({ kind: "orbit", bodies: 3, radius: [0.9, 1.2], noise: 0 }, 12).slice(0, 5)) {
      const field = space.hamiltonianField(x);
      const rate = (x[6]! ** 2 + x[9]! ** 2) / (x[0]! ** 2 + x[3]! ** 2);
      for (let k = 0; k < 6; k++) expect(field[6 + k]!).toBeCloseTo(-rate * x[k]!, 12);
    }
  });
});
