import { describe, expect, test } from "vitest";
import type { Integrator } from "../../src/integrate/integrator.ts";
import { integrators } from "../../src/integrate/integrators.ts";
import { gaussLegendre } from "../../src/integrate/quadrature.ts";
import { density, elementaryWeight, rootedTrees, size } from "./rooted-trees.ts";

const all = Object.entries<Integrator>(integrators);

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The tableau of a Runge–Kutta method, explicit or implicit. */
function tableauOf({ scheme }: Integrator) {
  if (scheme.kind === "runge-kutta" || scheme.kind === "embedded") return scheme;
  if (scheme.kind !== "gauss") return undefined;
  const { mu, b, c } = scheme;
  return { a: mu.map((row) => row.map((ratio, j) => ratio * b[j]!)), b, c };
}

describe("the registry", () => {
  test.each(all)("%s is filed under its name and cites a source with a DOI", (key, { name, title, source }) => {
    expect(name).toBe(key);
    expect(title).not.toBe("");
    expect(source.doi).toMatch(/^10\.\d{4,}\/\S+$/);
    expect(source.citation).toMatch(/(19|20)\d\d/);
  });
});

describe("Runge–Kutta tableaux", () => {
  test("there are 200 rooted trees of up to 8 nodes", () => {
    expect(rootedTrees(8).length).toBe(200);
  });

  const tableaux = all.flatMap(([name, method]) => {
    const tableau = tableauOf(method);
    return tableau ? [{ name, order: method.order, ...tableau }] : [];
  });

  test.each(tableaux)("$name: rows of a sum to c within 2e-15, coefficients reach 40", ({ a, c }) => {
    for (const [i, row] of a.entries()) expect(Math.abs(total(row) - c[i]!)).toBeLessThan(2e-15 * (1 + norm(row)));
  });

  test.each(tableaux)("$name satisfies every order condition up to order $order to 1e-14", ({ order, a, b }) => {
    for (const tree of rootedTrees(order)) {
      expect(Math.abs(elementaryWeight(tree, a, b) - 1 / density(tree))).toBeLessThan(1e-14);
    }
  });

  test.each(tableaux)("$name misses a condition of order $order + 1 by more than 1e-9", ({ order, a, b }) => {
    const next = rootedTrees(order + 1).filter((tree) => size(tree) === order + 1);
    const defects = next.map((tree) => Math.abs(elementaryWeight(tree, a, b) - 1 / density(tree)));
    expect(Math.max(...defects)).toBeGreaterThan(1e-9);
  });
});

function norm(row: readonly number[]): number {
  return Math.max(0, ...row.map(Math.abs));
}

describe("symmetric and consistent coefficients", () => {
  test.each(all)("%s", (_, { scheme, reversible, order }) => {
    switch (scheme.kind) {
      case "splitting": {
        expect(Math.abs(total(scheme.drift) - 1)).toBeLessThan(4e-16);
        expect(Math.abs(total(scheme.kick) - 1)).toBeLessThan(4e-16 * (1 + norm(scheme.kick)));
        const palindrome =
          String(scheme.drift) === String(scheme.drift.toReversed()) &&
          String(scheme.kick) === String(scheme.kick.toReversed());
        expect(palindrome).toBe(reversible);
        break;
      }
      case "gauss":
        for (const [i, row] of scheme.mu.entries()) {
          for (const [j, ratio] of row.entries()) expect(ratio + scheme.mu[j]![i]!).toBe(1);
        }
        break;
      case "extended":
        expect(Math.abs(total(scheme.weights) - 1)).toBeLessThan(4e-16);
        expect(scheme.weights).toEqual(scheme.weights.toReversed());
        break;
      case "embedded":
        // The error estimate vanishes for constant fields, to what the rounding of its weights leaves.
        for (const weights of scheme.estimates) expect(Math.abs(total(weights))).toBeLessThan(1e-15);
        expect(scheme.errorOrder).toBeLessThan(order);
        break;
      case "runge-kutta":
        expect(Math.abs(total(scheme.b) - 1)).toBeLessThan(4e-16);
    }
  });

  test.each([2, 4, 6, 8])("the Gauss rule of order %d integrates polynomials of lower degree to 1e-15", (order) => {
    const { nodes, weights } = gaussLegendre(order);
    expect(nodes.length).toBe(order / 2);
    for (let degree = 0; degree < order; degree++) {
      const sum = total(nodes.map((node, k) => weights[k]! * node ** degree));
      expect(Math.abs(sum - 1 / (degree + 1))).toBeLessThan(1e-15);
    }
  });
});
