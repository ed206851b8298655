import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { promisify } from "node:util";
import { writeModel } from "../codegen/onnx/program.ts";
import { findTfjsNode } from "../engine/tfjs-node.ts";
import { matmul } from "../graph/arrange.ts";
import { input } from "../graph/build.ts";
import { createGraph } from "../graph/graph.ts";

/** One thing that hnnc can use, and whether it works here. */
export interface Check {
  readonly name: string;
  readonly works: boolean;
  /** Whether hnnc's own work needs it; the rest widens what it can do. */
  readonly needed: boolean;
  /** Version, place or reason. */
  readonly detail: string;
  /** What it is for, or how to get it, where it does not work. */
  readonly hint?: string;
}

const execute = promisify(execFile);
const here = createRequire(import.meta.url);

/** Everything that `hnnc doctor` tells, found by trying it: engines run a matrix product in a process of their own. */
export async function inspectInstallation(): Promise<readonly Check[]> {
  const tried = [onnx(), tfjs("cpu"), tfjs("wasm"), tfjsNode(), tool("C compiler", "cc"), tool("Python", "python3")];
  return [node(), ...webAssembly(), ...(await Promise.all(tried))];
}

function node(): Check {
  const { version, platform, arch } = process;
  const threads = `${availableParallelism()} threads`;
  return { name: "Node", works: true, needed: true, detail: `${version} on ${platform} ${arch}, ${threads}` };
}

/** The smallest modules that use each feature: an empty function but for one instruction of it, or a shared memory. */
const wasmHeader = [0, 97, 115, 109, 1, 0, 0, 0];
const functionOf = (...code: number[]) => [
  ...wasmHeader,
  ...[1, 4, 1, 96, 0, 0, 3, 2, 1, 0],
  ...[10, code.length + 4, 1, code.length + 2, 0, ...code, 11],
];
const zeroes = [0xfd, 12, ...new Array<number>(16).fill(0)];
const wasmFeatures = {
  "WebAssembly SIMD": { bytes: functionOf(...zeroes, 0x1a), needed: true, hint: "--target wasm needs it to run" },
  "WebAssembly relaxed SIMD": {
    // f64x2.relaxed_madd
    bytes: functionOf(...zeroes, ...zeroes, ...zeroes, 0xfd, 0x87, 0x02, 0x1a),
    needed: false,
    hint: "modules compiled with --fma need it to run; Node 22 has it",
  },
  "WebAssembly threads": {
    bytes: [...wasmHeader, 5, 4, 1, 3, 1, 1],
    needed: false,
    hint: "needed by parallel ensembles",
  },
} as const;

function webAssembly(): Check[] {
  return Object.entries(wasmFeatures).map(([name, { bytes, needed, hint }]) => {
    const works = WebAssembly.validate(new Uint8Array(bytes));
    return works ? { name, works, needed, detail: "yes" } : { name, works, needed, detail: "no", hint };
  });
}

async function onnx(): Promise<Check> {
  const name = "ONNX Runtime";
  const install = "npm install onnxruntime-node; without it training takes TensorFlow.js";
  const version = installedVersion("onnxruntime-node");
  if (!version) return { name, works: false, needed: false, detail: "not installed", hint: install };
  const model = Buffer.from(productModel()).toString("base64");
  const program = `
    const { InferenceSession, Tensor } = (await import(${JSON.stringify(import.meta.resolve("onnxruntime-node"))})).default;
    const session = await InferenceSession.create(Buffer.from("${model}", "base64"));
    const given = (...numbers) => new Tensor("float64", numbers, [2, 2]);
    const { product } = await session.run({ a: given(1, 2, 3, 4), b: given(5, 6, 7, 8) });
    if (String(product.data) !== "19,22,43,50") throw new Error("a matrix product gave " + product.data);
    process.exit(0);`;
  const result = await runs(program, `onnxruntime-node ${version}`);
  return result.works ? { name, needed: false, ...result } : { name, needed: false, ...result, hint: install };
}

/** a·b in double precision. */
function productModel(): Uint8Array {
  const graph = createGraph();
  const [a, b] = [input(graph, "a", [2, 2]), input(graph, "b", [2, 2])];
  return writeModel({ product: matmul(a, b) }, { precision: "f64" }).bytes;
}

async function tfjs(backend: "cpu" | "wasm"): Promise<Check> {
  const needed = backend === "cpu";
  const name = `TensorFlow.js ${backend}`;
  const packageName = needed ? "@tensorflow/tfjs" : "@tensorflow/tfjs-backend-wasm";
  const version = installedVersion(packageName);
  if (!version) return { name, works: false, needed, detail: "not installed", hint: `npm install ${packageName}` };
  const names = ["@tensorflow/tfjs", packageName].map((imported) => JSON.stringify(import.meta.resolve(imported)));
  const program = `const tf = await import(${names[0]}); await import(${names[1]}); await tf.setBackend("${backend}");`;
  return { name, needed, ...(await multiplies(program, backend, `${packageName} ${version}`)) };
}

async function tfjsNode(): Promise<Check> {
  const name = "TensorFlow native";
  const needed = false;
  const build = "node scripts/build-tfjs-node.mjs builds it from package registries alone";
  const found = findTfjsNode();
  if (!found?.native) {
    const detail = `@tensorflow/tfjs-node is ${found ? "installed without its native binding" : "not installed"}`;
    return { name, works: false, needed, detail, hint: build };
  }
  const loader = new URL(`../engine/tfjs-node${extname(import.meta.url)}`, import.meta.url);
  const program = `const { loadTfjsNode } = await import(${JSON.stringify(loader.href)}); const tf = loadTfjsNode();`;
  const detail = `@tensorflow/tfjs-node ${found.version}${found.built ? ", built by the project's script" : ""}`;
  const result = await multiplies(program, "tensorflow", detail);
  return result.works ? { name, needed, ...result } : { name, needed, ...result, hint: build };
}

/** Runs `program`, which must bind `tf`, and a matrix product after it. */
function multiplies(program: string, backend: string, detail: string): Promise<{ works: boolean; detail: string }> {
  const product = `
    const product = await tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).data();
    if (tf.getBackend() !== "${backend}") throw new Error("the backend is " + tf.getBackend());
    if (String(product) !== "19,22,43,50") throw new Error("a matrix product gave " + product);
    process.exit(0);`;
  return runs(program + product, detail);
}

/** Runs a program in a process that may crash or print what it likes. */
async function runs(program: string, detail: string): Promise<{ works: boolean; detail: string }> {
  try {
    await execute(process.execPath, ["--input-type=module", "-e", program], { timeout: 60_000 });
    return { works: true, detail };
  } catch (error) {
    const { stderr = "", killed } = error as { stderr?: string; killed?: boolean };
    const reason = killed ? "no answer within a minute" : (/^\w*Error.*$/m.exec(stderr)?.[0] ?? "it ends the process");
    return { works: false, detail: `${detail}: ${reason}` };
  }
}

function installedVersion(packageName: string): string | undefined {
  try {
    return (here(`${packageName}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}

async function tool(name: string, command: string): Promise<Check> {
  const hint = "only benchmarks and scripts/build-tfjs-node.mjs use it";
  try {
    const { stdout, stderr } = await execute(command, ["--version"], { timeout: 10_000 });
    return { name, works: true, needed: false, detail: (stdout || stderr).split("\n", 1)[0]! };
  } catch {
    return { name, works: false, needed: false, detail: `no \`${command}\` here`, hint };
  }
}
