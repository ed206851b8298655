import { describe, expect, it } from "vitest";
import { writeModel, writeSteps } from "../../src/codegen/onnx/program.ts";
import { MessageWriter } from "../../src/codegen/onnx/wire.ts";
import { probe } from "../../src/engine/probe.ts";
import { gather, sum } from "../../src/graph/arrange.ts";
import { add, input, mul, sin, square, sub } from "../../src/graph/build.ts";
import { gradient } from "../../src/graph/gradient.ts";
import { createGraph, type GraphNode, type Precision } from "../../src/graph/graph.ts";
import { scan } from "../../src/graph/scan.ts";
import { type StepParts, stepParts } from "../../src/graph/step.ts";
import { substitute } from "../../src/graph/substitute.ts";
import { type ReadGraph, readMessage, readModel } from "../support/onnx-reader.ts";

describe("the wire format", () => {
  it("writes the examples of its documentation", () => {
    const bytes = (writer: MessageWriter) => [...writer.finish()];
    expect(bytes(new MessageWriter().integer(1, 150))).toEqual([0x08, 0x96, 0x01]);
    expect(bytes(new MessageWriter().text(2, "testing"))).toEqual([0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
    const inner = new MessageWriter().integer(1, 150);
    expect(bytes(new MessageWriter().message(3, inner))).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
    expect(bytes(new MessageWriter().integer(1, -2))).toEqual([0x08, 0xfe, ...new Array(8).fill(0xff), 0x01]);
  });

  it("keeps every integer and all bytes, however long", () => {
    const values = [0n, 1n, 127n, 128n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n, -1n, -(2n ** 63n)];
    const writer = new MessageWriter();
    for (const value of values) writer.integer(5, value);
    const long = Uint8Array.from({ length: 100_000 }, (_, k) => k);
    const read = readMessage(writer.bytes(3000, long).finish());
    expect(read.get(5)).toEqual(values);
    expect(read.get(3000)).toEqual([long]);
  });
});

/** A step of gradient descent on minibatches of prepared data. */
function descent(): StepParts {
  const { graph, parameters, x, rates, loss, gradient: slope } = probe([2, 6, 5, 1], "tanh", 4);
  const [pick, rate] = [input(graph, "pick", ["B"], "int32"), input(graph, "rate", [])];
  const rows = (name: string) => gather(sin(input(graph, name, [9, 2])), pick, 0);
  const replaced = new Map<GraphNode, GraphNode>([
    [x, rows("all x")],
    [rates, rows("all rates")],
  ]);
  const [ownLoss, g] = substitute([loss, slope], replaced) as [GraphNode, GraphNode];
  const next = sub(parameters, mul(rate, g));
  return stepParts({ state: [{ leaf: parameters, next }], loss: ownLoss, perStep: [rate, pick] });
}

const ops = ({ nodes }: ReadGraph): string[] => nodes.map(({ op }) => op);

describe.each(["f32", "f64"] as const)("a repeated step in %s", (precision: Precision) => {
  const model = readModel(writeSteps(descent(), { precision, batch: 4 }).bytes);
  const loop = model.nodes.find(({ op }) => op === "Loop")!;
  const [body] = loop.bodies as [ReadGraph];

  it("is one loop; what does not change is prepared before it", () => {
    expect(ops(model)).toEqual(["Sin", "Sin", "Loop"]);
    expect(ops(body)).not.toContain("Sin");
    expect(model.inputs).toEqual(["number of steps", "parameters", "rate", "pick", "all x", "all rates"]);
    expect(model.outputs).toEqual(["parameters after the steps", "loss of each step", "health of each step"]);
  });

  it("has 11 products of matrices for two hidden layers, sums added within, none whose factors are rounded to f32", () => {
    const products = body.nodes.filter(({ op }) => op === "Gemm");
    // 2 forwards, 2 for the slopes, 3 for adjoints, 4 for weights, which the forward pass and the slopes each use
    expect(products.length).toBe(11);
    expect(products.filter(({ inputs }) => inputs.length === 3).length).toBe(5);
    expect(ops(body)).not.toContain("MatMul");
  });

  it("copies no array on its way out, and every name is defined once", () => {
    // but for the health, which is also the loop's condition
    expect(ops(body).filter((op) => op === "Identity").length).toBe(1);
    const defined = [model, body].flatMap((graph) => [
      ...graph.inputs,
      ...graph.initializers,
      ...graph.nodes.flatMap(({ outputs }) => outputs),
    ]);
    expect(new Set(defined).size).toBe(defined.length);
  });
});

describe("a scan", () => {
  const graph = createGraph();
  const x = input(graph, "x", ["B", 2]);
  const w = input(graph, "w", [2]);
  const { collected } = scan(graph, { length: 8, carries: [x], constants: [w] }, ({ carries: [y], constants: [k] }) => {
    const next = add(y!, sin(mul(y!, square(k!))));
    return { carries: [next], collected: [next] };
  });
  const loss = sum(square(collected[0]!), [0, 1, 2]);
  const model = readModel(writeModel({ slope: gradient(loss, [w])[0]! }, { precision: "f64" }).bytes);
  const scans = model.nodes.filter(({ op }) => op === "Scan");

  it("and its adjoint are two Scans, however long", () => {
    expect(scans.length).toBe(2);
    expect(model.nodes.length).toBeLessThan(30);
  });

  it("computes what no step changes around it: the square of a constant", () => {
    const squares = ({ nodes }: ReadGraph) => nodes.filter(({ op, inputs }) => op === "Mul" && inputs[0] === inputs[1]);
    // of w, once for each scan, and of the loss
    expect(squares(model).length).toBeGreaterThanOrEqual(2);
    for (const { bodies } of scans) expect(squares(bodies[0]!)).toEqual([]);
  });
});

describe("scatterAdd", () => {
  it("is not ScatterND, which adds in a race of threads", () => {
    const graph = createGraph();
    const x = input(graph, "x", ["B", 4]);
    const index = input(graph, "index", [3], "int32");
    const [slope] = gradient(sum(square(gather(x, index, 1)), [0, 1]), [x]);
    const { nodes } = readModel(writeModel({ slope: slope! }, { precision: "f32" }).bytes);
    expect(nodes.map(({ op }) => op)).toContain("ScatterElements");
    expect(nodes.map(({ op }) => op)).not.toContain("ScatterND");
  });
});
