import { describe, expect, it } from "vitest";
import type { HnncError } from "../../src/errors.ts";
import { bindNetworks } from "../../src/mechanics/bind-networks.ts";
import { requireBound } from "../../src/mechanics/layout.ts";
import { variationalModel } from "../../src/mechanics/variational.ts";
import { describeNetwork, type Network } from "../../src/network.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { boundModel, randomNetwork } from "../support/networks.ts";

const model = parseModel("p^2/2 + V(q) + W(q, p)");

describe("networks for the unknown functions of a formula", () => {
  it("make them known, one after the other", () => {
    const first = bindNetworks(model, { V: randomNetwork([1, 4, 1]) });
    expect(() => requireBound(first)).toThrow("`W` is an unknown function of 2 arguments");
    const both = bindNetworks(first, { W: randomNetwork([2, 4, 1]) });
    requireBound(both);
    expect([...both.networks!.keys()]).toEqual(["V", "W"]);
  });

  const whole = randomNetwork([1, 4, 1]);
  const [first, last] = whole.layers as unknown as [Network["layers"][0], Network["layers"][0]];
  it.each<[Record<string, Network>, string]>([
    [{ U: whole }, "the formula has no unknown function `U`"],
    [{ W: whole }, "the network for `W` takes 1 numbers, the function has 2 arguments"],
    [{ V: randomNetwork([1, 4, 3]) }, "the network for `V` gives 3 numbers, a function gives one"],
    [
      { V: { layers: [first, { ...last, inputs: 5 }] } },
      "the network for `V` has a layer 2 of 5 inputs behind 4 numbers",
    ],
    [
      { V: { layers: [{ ...first, weights: new Float64Array(3) }, last] } },
      "the network for `V` has 3 weights in layer 1, not 1·4",
    ],
    [
      { V: { layers: [{ ...first, biases: new Float64Array(3) }, last] } },
      "the network for `V` has 3 biases in layer 1, not 4",
    ],
  ])("that do not fit are refused: %#", (networks, message) => {
    expect(() => bindNetworks(model, networks)).toThrow(
      expect.objectContaining({ kind: "usage", code: "bad-network", message }) as HnncError,
    );
  });
});

it("invented names keep clear of those of networks", () => {
  const taken = boundModel("p^2/2 + delta_q(q)", { delta_q: randomNetwork([1, 3, 1]) });
  expect(variationalModel(taken).displacements.coordinates).toEqual(["delta_q_"]);
});

it("a network is told by its sizes and activations", () => {
  expect(describeNetwork(randomNetwork([2, 64, 64, 1], "softplus"))).toBe("2-64-64-1, softplus");
});
