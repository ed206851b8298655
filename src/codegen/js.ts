import type { Op } from "../expr/ops.ts";
import { entryNames } from "../mechanics/layout.ts";
import type { Network } from "../network.ts";
import { routines, sincosRoutine } from "./elementary/elementary.ts";
import { type JsNames, jsBody } from "./js/body.ts";
import { jsHelpers } from "./js/functions.ts";
import { jsRoutines } from "./js/lanes.ts";
import {
  type NetworkUse,
  networkHelpers,
  networkNames,
  networkRoutines,
  networkTexts,
  networkUses,
} from "./js/network.ts";
import { commentText, dataLiteral, headerLines, metaLiteral } from "./names.ts";
import type { NetworkWish, Program, Statement } from "./program.ts";
import type { EmitOptions, Quantity, Source, Target } from "./target.ts";

/** `--target js`: a self-contained ES module of plain functions on Float64Array states. */
export const js: Target = {
  name: "js",
  description: "self-contained ES module, one state at a time in f64; no imports",
  extension: "mjs",
  options: ["portable"],
  emit: (source, options) => ({ kind: "text", text: emitJs(source, options) }),
};

/**
 * The text of the module: `meta`, `hamiltonian(x, params?, t?)`, `gradient(x, out?, params?, t?)` and
 * `field(x, out?, params?, t?)`.
 */
export function emitJs(source: Source, options: EmitOptions = {}): string {
  const { definitions, functions } = jsParts(source, options);
  const documented = functions.flatMap((text, k) => [`/** ${docs[allQuantities[k]!]} */`, `export ${text}`, ""]);
  return [
    ...headerLines(source.meta).map((line) => `// ${line}`),
    "",
    `export const meta = ${metaLiteral(source.meta)};`,
    "",
    ...definitions,
    ...documented,
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

/** The pieces of a module: what stands above, and the functions without `export`. */
export function jsParts(
  source: Source,
  options: EmitOptions,
  quantities: readonly Quantity[] = allQuantities,
): { definitions: string[]; functions: string[] } {
  const programs = quantities.map((quantity) => source.program(quantity));
  const portable = options.portable === true;
  const uses = networkUses(programs, source.model.networks?.values() ?? []);
  return {
    definitions: [
      ...helperTexts(programs, uses, portable),
      ...networkTexts(uses, portable),
      ...parameterVector(source),
    ],
    functions: quantities.map((quantity, k) => jsFunction(source, quantity, programs[k]!, uses, portable)),
  };
}

const allQuantities = ["hamiltonian", "gradient", "field"] as const;

const docs: Readonly<Record<Quantity, string>> = {
  hamiltonian: "The energy H(x).",
  gradient: "∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`.",
  field: "The rate of change of the state, written into `out`.",
};

function jsFunction(
  source: Source,
  quantity: Quantity,
  program: Program,
  uses: readonly NetworkUse[],
  portable: boolean,
): string {
  const { dimension } = source.equations.layout;
  const reads: Reads = { state: new Map(), parameters: new Map(), time: source.model.timeDependent };
  const network = (wanted: Network, wish: NetworkWish) =>
    networkNames(uses.find((use) => use.network === wanted)!.number, wish);
  const lines = jsBody(program, { ...inputNames(source, reads), network }, portable);
  const hasParameters = source.equations.layout.parameterCount > 0;
  const inputs = [
    ...(hasParameters ? ["  const c = parameters(params);"] : []),
    ...declared("x", reads.state),
    ...declared("c", reads.parameters),
  ];
  // A loop reads states after outputs are written.
  const apart = program.loops > 0 ? ["  if (out === x) x = x.slice();"] : [];
  const clear = program.cleared ? ["  out.fill(0);"] : [];
  // Parameters that nothing reads are left out of the signature: a call with fewer of them is measurably faster.
  const optional = reads.time ? ["params", "t = 0"] : hasParameters ? ["params"] : [];
  if (quantity === "hamiltonian") {
    const body = lines.map((line) => line.replace(/^ {2}out\[0\] = (.*);$/, "  return $1;"));
    return [`function hamiltonian(${["x", ...optional].join(", ")}) {`, ...inputs, ...body, "}"].join("\n");
  }
  const signature = ["x", `out = new Float64Array(${dimension})`, ...optional].join(", ");
  const head = `function ${quantity}(${signature}) {`;
  return [head, ...apart, ...inputs, ...clear, ...lines, "  return out;", "}"].join("\n");
}

interface Reads {
  readonly state: Map<number, string>;
  readonly parameters: Map<number, string>;
  readonly time: boolean;
}

/** q1 … qn, p1 … pn and c1 … for the entries that are read by themselves; each read is noted. */
function inputNames(source: Source, reads: Reads): Omit<JsNames, "network"> {
  const n = source.equations.layout.degreesOfFreedom;
  const note = (into: Map<number, string>, offset: number, name: string) => {
    into.set(offset, name);
    return name;
  };
  return {
    state: (offset) => note(reads.state, offset, offset < n ? `q${offset + 1}` : `p${offset - n + 1}`),
    parameter: (offset) => note(reads.parameters, offset, `c${offset + 1}`),
  };
}

function declared(vector: string, names: ReadonlyMap<number, string>): string[] {
  const sorted = [...names].sort(([a], [b]) => a - b);
  return sorted.map(([offset, name]) => `  const ${name} = ${vector}[${offset}];`);
}

/** The functions that the programs call and JavaScript lacks, or all elementary ones where they are to be portable. */
function helperTexts(programs: readonly Program[], uses: readonly NetworkUse[], portable: boolean): string[] {
  const used = new Set<Op | "sincos">();
  for (const { body } of programs) addFunctions(body, used);
  const ours = [...routines].filter(([op]) => used.has(op) && (portable || op === "erf")).map(([, routine]) => routine);
  if (portable && used.has("sincos")) ours.push(sincosRoutine);
  if (portable) ours.push(...networkRoutines(uses));
  else for (const helper of networkHelpers(uses)) used.add(helper);
  const short = portable ? [] : Object.entries(jsHelpers).filter(([op]) => used.has(op as Op));
  return [...(ours.length > 0 ? [jsRoutines(ours), ""] : []), ...short.flatMap(([, text]) => [text, ""])];
}

function addFunctions(body: readonly Statement[], used: Set<Op | "sincos">): void {
  for (const statement of body) {
    if (statement.kind === "loop") addFunctions(statement.body, used);
    else if (statement.kind === "sincos") used.add("sincos");
    else if (statement.kind === "let" && statement.value.kind === "op") used.add(statement.value.op);
  }
}

/** The code that turns `{ name: value }` into the vector `c`; nothing where the model has no parameters. */
function parameterVector(source: Source): string[] {
  const { parameters, parameterCount } = source.equations.layout;
  if (parameterCount === 0) return [];
  const places = [...parameters.values()].map(({ name, offset, size }) => [name, [offset, size]]);
  const legend = [...parameters.values()].map((slot) => {
    const names = slot.size === 1 ? [`c${slot.offset + 1}`] : [`c[${slot.offset}] … c[${slot.offset + slot.size - 1}]`];
    return `${names.join(", ")} = ${slot.size <= 4 ? entryNames(slot).join(", ") : slot.name}`;
  });
  return [
    `// ${commentText(legend.join("; "))}`,
    `const places = new Map(${dataLiteral(places)});`,
    "const defaults = vectorOf(meta.parameters);",
    "const required = [...places.keys()].filter((name) => meta.parameters[name] === null);",
    "",
    parameterCode,
    "",
  ];
}

/** Reads parameters by name. Kept as text, as it is part of every emitted module that has parameters. */
const parameterCode = `function vectorOf(values, base) {
  const size = [...places.values()].reduce((sum, [, n]) => sum + n, 0);
  const vector = base ? base.slice() : new Float64Array(size).fill(NaN);
  for (const [name, value] of Object.entries(values)) {
    const place = places.get(name);
    if (!place) throw new Error(\`unknown parameter \${JSON.stringify(name)}; known: \${[...places.keys()].join(", ")}\`);
    if (value === undefined || value === null) continue;
    const entries = typeof value === "number" ? new Array(place[1]).fill(value) : value;
    const isVector = Array.isArray(entries) || ArrayBuffer.isView(entries);
    if (!isVector || entries.length !== place[1]) {
      throw new Error(\`parameter \${JSON.stringify(name)} needs \${place[1]} values\`);
    }
    vector.set(entries, place[0]);
  }
  return vector;
}

function parameters(params) {
  if (params === undefined && required.length === 0) return defaults;
  if (params instanceof Float64Array) {
    if (params.length === defaults.length) return params;
    throw new Error(\`the parameter vector needs \${defaults.length} numbers, got \${params.length}\`);
  }
  const vector = params === undefined ? defaults : vectorOf(params, defaults);
  const missing = required.filter((name) => {
    const [at, n] = places.get(name);
    return vector.subarray(at, at + n).some(Number.isNaN);
  });
  if (missing.length === 0) return vector;
  throw new Error(\`these parameters have no default and must be given: \${missing.join(", ")}\`);
}`;
