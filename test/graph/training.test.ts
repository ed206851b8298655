import { describe, expect, it } from "vitest";
import { countParameters, network, probe } from "../../src/engine/probe.ts";
import { concat, reshape, slice, sum } from "../../src/graph/arrange.ts";
import { add, constant, data, input, mul, neg, sin, square, sub } from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { gradient } from "../../src/graph/gradient.ts";
import { createGraph, type GraphNode, type NodeOf } from "../../src/graph/graph.ts";
import { scan } from "../../src/graph/scan.ts";
import { substitute } from "../../src/graph/substitute.ts";
import { type ActivationName, activationNames } from "../../src/network.ts";
import { randomNumbers } from "../support/random-numbers.ts";

type Feeds = Record<string, Float64Array>;

const batch = 3;
const names = activationNames.filter((name) => name !== "relu");

function numbers(count: number, seed: number): Float64Array {
  const next = randomNumbers(seed);
  return Float64Array.from({ length: count }, () => 2 * next() - 1);
}

/** Compares every entry of ∂loss/∂leaf, for every leaf, with a central difference (1e-8: step² plus round-off/step). */
function expectGradients(loss: GraphNode, leaves: readonly NodeOf<"input">[], feeds: Feeds): void {
  const found = evaluateGraph(gradient(loss, leaves), feeds, batch);
  const step = 1e-5;
  leaves.forEach(({ attributes: { name } }, which) => {
    feeds[name]!.forEach((value, entry) => {
      const at = (x: number) => {
        const moved = { ...feeds, [name]: feeds[name]!.map((old, k) => (k === entry ? x : old)) };
        return evaluateGraph([loss], moved, batch)[0]!.values[0]!;
      };
      const difference = (at(value + step) - at(value - step)) / (2 * step);
      const error = Math.abs(found[which]!.values[entry]! - difference) / (1 + Math.abs(difference));
      expect(error, `∂/∂${name}[${entry}]`).toBeLessThan(1e-8);
    });
  });
}

describe("the parameter gradient of a loss on the input gradient of a network, every entry", () => {
  it.each(names)("%s", (activation) => {
    const { loss, parameters, x, rates } = probe([2, 5, 4, 1], activation, batch);
    const feeds = { parameters: numbers(43, 1), x: numbers(2 * batch, 2), rates: numbers(2 * batch, 3) };
    expectGradients(loss, [parameters, x, rates], feeds);
  });

  it("of third order: the input gradient of a squared parameter gradient", () => {
    const { gradient: slope, x, parameters } = probe([2, 3, 1], "tanh", batch);
    const feeds = { parameters: numbers(12, 1), x: numbers(2 * batch, 2), rates: numbers(2 * batch, 3) };
    expectGradients(sum(square(slope), [0]), [x, parameters], feeds);
  });
});

/** The field [∂H/∂p, −∂H/∂q] of a network, as a function of a node [B, 2]. */
function field(at: GraphNode, parameters: NodeOf<"input">, activation: ActivationName): GraphNode {
  const x = input(at.graph, "state", ["B", 2]);
  const [slopes] = gradient(network(parameters, x, [2, 3, 1], activation), [x]) as [GraphNode];
  const rotated = concat([slice(slopes, 1, 1, 2), neg(slice(slopes, 1, 0, 1))], 1);
  return substitute([rotated], new Map([[x, at]]))[0]!;
}

function rungeKutta4(x: GraphNode, dt: number, f: (x: GraphNode) => GraphNode): GraphNode {
  const k1 = f(x);
  const k2 = f(add(x, mul(dt / 2, k1)));
  const k3 = f(add(x, mul(dt / 2, k2)));
  const k4 = f(add(x, mul(dt, k3)));
  return add(x, mul(dt / 6, add(add(k1, mul(2, k2)), add(mul(2, k3), k4))));
}

interface RollOut {
  readonly loss: GraphNode;
  readonly leaves: readonly NodeOf<"input">[];
  readonly feeds: Feeds;
}

/** The squared distance of a Runge–Kutta roll-out to given states, as a scan or written out. */
function rollOut(length: number, activation: ActivationName, unrolled: boolean): RollOut {
  const graph = createGraph();
  const parameters = input(graph, "parameters", [countParameters([2, 3, 1])]);
  const x = input(graph, "x", ["B", 2]);
  const wanted = input(graph, "wanted", ["B", length, 2]);
  const step = (at: GraphNode, weights: NodeOf<"input">) =>
    rungeKutta4(at, 0.2, (each) => field(each, weights, activation));
  let states: GraphNode;
  if (unrolled) {
    const all: GraphNode[] = [];
    for (let k = 0, at: GraphNode = x; k < length; k++) {
      at = step(at, parameters);
      all.push(reshape(at, ["B", 1, 2]));
    }
    states = concat(all, 1);
  } else {
    states = scan(graph, { length, carries: [x], constants: [parameters] }, ({ carries, constants }) => {
      const next = step(carries[0]!, constants[0]!);
      return { carries: [next], collected: [next] };
    }).collected[0]!;
  }
  const loss = sum(square(sub(states, wanted)), [0, 1, 2]);
  const feeds = {
    parameters: numbers(12, 4),
    x: numbers(2 * batch, 5),
    wanted: numbers(2 * length * batch, 6),
  };
  return { loss, leaves: [parameters, x, wanted], feeds };
}

describe("the gradient through a Runge–Kutta roll-out as a scan, every entry", () => {
  it.each([1, 2, 3, 7])("of %i steps", (length) => {
    const { loss, leaves, feeds } = rollOut(length, "tanh", false);
    expectGradients(loss, leaves, feeds);
  });

  it.each(names)("with %s is that of the steps written out (1e-12: round-off)", (activation) => {
    const [looped, written] = [rollOut(5, activation, false), rollOut(5, activation, true)];
    const [a, b] = [looped, written].map(({ loss, leaves, feeds }) =>
      evaluateGraph([loss, ...gradient(loss, leaves)], feeds, batch),
    );
    for (const [k, { values }] of a!.entries()) {
      for (const [i, value] of values.entries()) expect(Math.abs(value - b![k]!.values[i]!)).toBeLessThan(1e-12);
    }
  });
});

describe("scan", () => {
  const length = 4;

  /** Two carried values, one of them a number; a sequence with and one without batch; everything is read. */
  function everything(reverse: boolean) {
    const graph = createGraph();
    const a = input(graph, "a", ["B", 2]);
    const c = input(graph, "c", []);
    const u = input(graph, "u", ["B", length, 2]);
    const v = input(graph, "v", [length]);
    const w = input(graph, "w", [2]);
    const offset = data(graph, { kind: "values", values: [0.5, -0.25] }, [2], "real");
    const given = { length, reverse, carries: [a, c], sequences: [u, v], constants: [w, offset] };
    const result = scan(graph, given, ({ carries: [y, s], sequences: [p, r], constants: [k, o] }) => {
      const next = sin(add(mul(y!, k!), add(mul(p!, r!), add(s!, o!))));
      return { carries: [next, mul(r!, add(s!, 0.1))], collected: [square(next), mul(s!, s!), y!] };
    });
    const parts = [...result.last, ...result.history, ...result.collected];
    const total = parts.map((part, k) =>
      mul(
        k + 1,
        sum(
          square(part),
          part.shape.map((_, axis) => axis),
        ),
      ),
    );
    const feeds = { a: numbers(6, 1), c: numbers(1, 2), u: numbers(24, 3), v: numbers(4, 4), w: numbers(2, 5) };
    return { ...result, leaves: [a, c, u, v, w], feeds, loss: total.reduce(add, constant(graph, 0)) };
  }

  it.each([false, true])("carries, histories and collections, all with adjoints; reverse %s", (reverse) => {
    const { loss, leaves, feeds } = everything(reverse);
    expectGradients(loss, leaves, feeds);
  });

  it("twice differentiated: the adjoint of the adjoint", () => {
    const { loss, leaves, feeds } = everything(false);
    const slopes = gradient(loss, leaves);
    const again = slopes.map((slope) =>
      sum(
        square(slope),
        slope.shape.map((_, axis) => axis),
      ),
    );
    expectGradients(again.reduce(add), leaves, feeds);
  });

  it("a parameter inside the loop, around it and in what is carried in receives all three", () => {
    const graph = createGraph();
    const [a, w] = [input(graph, "a", ["B", 2]), input(graph, "w", [2])];
    const { last } = scan(graph, { length: 3, carries: [mul(a, w)], constants: [w] }, ({ carries, constants }) => ({
      carries: [sin(mul(carries[0]!, constants[0]!))],
    }));
    const loss = sum(mul(square(last[0]!), square(w)), [0, 1]);
    expectGradients(loss, [a, w], { a: numbers(6, 1), w: numbers(2, 2) });
  });

  it("equal adjoints are one node", () => {
    const { loss, leaves } = everything(false);
    expect(gradient(loss, leaves)).toEqual(gradient(loss, leaves));
    const before = loss.graph.nodes.length;
    gradient(loss, leaves);
    expect(loss.graph.nodes.length).toBe(before);
  });

  it("history begins with what is carried in, and a reversed scan begins at the end", () => {
    const { history, feeds } = everything(true);
    const [states] = evaluateGraph(history, feeds, batch);
    expect(states!.shape).toEqual([batch, length, 2]);
    const lastOfEach = [0, 1, 2].map((sample) => states!.values[sample * length * 2 + (length - 1) * 2]);
    expect(lastOfEach).toEqual([0, 1, 2].map((sample) => feeds.a[2 * sample]));
  });

  it("refuses a step that changes a shape, and sequences of another length", () => {
    const graph = createGraph();
    const a = input(graph, "a", ["B", 2]);
    const step = ({ carries: [y] }: { carries: readonly GraphNode[] }) => ({ carries: [slice(y!, 1, 0, 1)] });
    expect(() => scan(graph, { length: 2, carries: [a] }, step)).toThrow(
      "a scan carries [B, 2] into a step and [B, 1]",
    );
    expect(() => scan(graph, { length: 3, carries: [a], sequences: [a] }, step)).toThrow("a sequence of 3 entries");
  });
});
