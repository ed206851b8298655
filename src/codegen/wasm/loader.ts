import type { Kernels, ParameterValues, State } from "../load.ts";
import { headerLines } from "../names.ts";
import type { Meta } from "../target.ts";

/** A running module: one state at a time, as an emitted JS module, or many. */
export interface WasmKernels extends Kernels {
  readonly meta: Meta;
  /** The same for B states, row-major `[B, 2n]`, answering `[B]` or `[B, 2n]`. */
  readonly batch: {
    hamiltonian(states: State, out?: Float64Array, params?: ParameterValues, t?: number): Float64Array;
    gradient(states: State, out?: Float64Array, params?: ParameterValues, t?: number): Float64Array;
    field(states: State, out?: Float64Array, params?: ParameterValues, t?: number): Float64Array;
  };
}

/**
 * Runs a module that `--target wasm` wrote; the bytes say the rest.
 *
 * @param bytes the module
 * @throws Error if the bytes are not such a module, or the machine has no WebAssembly SIMD
 * @example
 * const { field, batch } = await loadWasm(compile("p^2/2 - cos(q)").emit("wasm"));
 * batch.field(new Float64Array([0, 1, 0.5, 0])); // two states, two rates of change
 */
export function loadWasm(bytes: Uint8Array<ArrayBuffer>): Promise<WasmKernels> {
  const run = new Function(`"use strict";\n${runtimeText}\nreturn instantiate;`)() as (
    source: Uint8Array<ArrayBuffer>,
  ) => Promise<WasmKernels>;
  return run(bytes);
}

/** The text of the ES module that goes with the bytes; it has no imports and finds them beside itself. */
export function loaderText(meta: Meta): string {
  return [
    ...headerLines(meta).map((line) => `// ${line}`),
    "//",
    "// Loads the WebAssembly module of the same name beside this file:",
    "//   const { field, batch } = await load();",
    "",
    beside,
    "",
    runtimeText,
    "",
  ].join("\n");
}

const beside = `/**
 * @param source the module's bytes, a URL or a Response; by default the .wasm file beside this one
 * @returns a promise of { meta, hamiltonian, gradient, field, batch: { hamiltonian, gradient, field } }
 */
export async function load(source = new URL(import.meta.url.replace(/\\.\\w+([?#].*)?$/, ".wasm"))) {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return instantiate(source);
  const isFile = String(source).startsWith("file:");
  if (isFile) return instantiate(await process.getBuiltinModule("node:fs/promises").readFile(new URL(source)));
  const response = await (typeof Response === "function" && source instanceof Response ? source : fetch(source));
  if (!response.ok) throw new Error(\`\${response.url}: \${response.status} \${response.statusText}\`);
  return instantiate(await response.arrayBuffer());
}`;

/** Kept as text, as it is part of every loader; the library runs the same text. */
const runtimeText = `async function instantiate(bytes) {
  const module = await WebAssembly.compile(bytes);
  const [section] = WebAssembly.Module.customSections(module, "hnnc");
  if (!section) throw new Error("this WebAssembly module has no section named hnnc");
  const description = JSON.parse(new TextDecoder().decode(section));
  const { exports } = await WebAssembly.instantiate(module);
  return kernels(exports, description);
}

/** Rows that go through the memory at once: few enough to stay in the cache, an even number. */
const rowsAtOnce = (dimension) => 2 * Math.min(512, Math.max(1, Math.floor(8192 / dimension)));

/** Where parameters, states and outputs stand: addresses, and the memory grown to hold them. */
function room(exports, rows, { meta, places, heap }) {
  const parameterCount = places.reduce((sum, [, , size]) => sum + size, 0);
  const parametersAt = heap;
  const statesAt = parametersAt + 8 * parameterCount;
  const outsAt = statesAt + 8 * rows * meta.dimension;
  const missing = outsAt + 8 * rows * meta.dimension - exports.memory.buffer.byteLength;
  if (missing > 0) exports.memory.grow(Math.ceil(missing / 65536));
  const memory = new Float64Array(exports.memory.buffer);
  return { memory, parametersAt, statesAt, outsAt, parameters: memory.subarray(heap / 8, statesAt / 8) };
}

function kernels(exports, description) {
  const { meta } = description;
  const { dimension } = meta;
  const rows = rowsAtOnce(dimension);
  const { memory, parametersAt, statesAt, outsAt, parameters } = room(exports, rows, description);
  const setParameters = parameterWriter(meta, description.places, parameters);

  const many = (run, width) => (states, out, params, t = 0) => {
    const count = states.length / dimension;
    if (!Number.isInteger(count)) throw new Error(\`a batch of states needs a multiple of \${dimension} numbers\`);
    const result = out ?? new Float64Array(count * width);
    if (result.length !== count * width) throw new Error(\`\${count} states need \${count * width} results\`);
    setParameters(params);
    const source = states.subarray ? states : Float64Array.from(states);
    for (let first = 0; first < count; first += rows) {
      const size = Math.min(rows, count - first);
      memory.set(source.subarray(first * dimension, (first + size) * dimension), statesAt / 8);
      run(statesAt, outsAt, parametersAt, size, t);
      result.set(memory.subarray(outsAt / 8, outsAt / 8 + size * width), first * width);
    }
    return result;
  };
  const one = (run, x, params, t) => {
    if (x.length !== dimension) throw new Error(\`a state needs \${dimension} numbers, got \${x.length}\`);
    setParameters(params);
    for (let k = 0; k < dimension; k++) memory[statesAt / 8 + k] = x[k];
    run(statesAt, outsAt, parametersAt, 1, t);
  };
  const vector = (run) => (x, out = new Float64Array(dimension), params, t = 0) => {
    if (out.length !== dimension) throw new Error(\`the result needs \${dimension} numbers, got \${out.length}\`);
    one(run, x, params, t);
    for (let k = 0; k < dimension; k++) out[k] = memory[outsAt / 8 + k];
    return out;
  };
  const scalar = (run) => (x, params, t = 0) => {
    one(run, x, params, t);
    return memory[outsAt / 8];
  };
  return {
    meta,
    hamiltonian: scalar(exports.hamiltonian),
    gradient: vector(exports.gradient),
    field: vector(exports.field),
    batch: {
      hamiltonian: many(exports.hamiltonian, 1),
      gradient: many(exports.gradient, dimension),
      field: many(exports.field, dimension),
    },
  };
}

/** Answers a function that writes parameters, given by name or as a vector, into \`target\`; the rest are defaults. */
function parameterWriter(meta, places, target) {
  const known = new Map(places.map(([name, offset, size]) => [name, { offset, size }]));
  const required = places.filter(([name]) => meta.parameters[name] === null);
  const defaults = new Float64Array(target.length).fill(NaN);
  const put = (vector, values) => {
    for (const [name, value] of Object.entries(values)) {
      const place = known.get(name);
      if (!place) throw new Error(\`unknown parameter \${JSON.stringify(name)}; known: \${[...known.keys()].join(", ")}\`);
      if (value === undefined || value === null) continue;
      const entries = typeof value === "number" ? new Array(place.size).fill(value) : value;
      const isVector = Array.isArray(entries) || ArrayBuffer.isView(entries);
      if (!isVector || entries.length !== place.size) {
        throw new Error(\`parameter \${JSON.stringify(name)} needs \${place.size} values\`);
      }
      vector.set(entries, place.offset);
    }
  };
  put(defaults, meta.parameters);
  let current;
  return (params) => {
    if (params === undefined && current === defaults) return;
    current = params === undefined ? defaults : undefined;
    if (params instanceof Float64Array) {
      if (params.length === target.length) return target.set(params);
      throw new Error(\`the parameter vector needs \${target.length} numbers, got \${params.length}\`);
    }
    target.set(defaults);
    if (params !== undefined) put(target, params);
    const missing = required.filter(([, offset, size]) => target.subarray(offset, offset + size).some(Number.isNaN));
    if (missing.length === 0) return;
    current = undefined;
    const names = missing.map(([name]) => name).join(", ");
    throw new Error(\`these parameters have no default and must be given: \${names}\`);
  };
}`;
