import { HnncError } from "../errors.ts";
import type { Precision } from "../graph/graph.ts";
import type { Engine, LoadedEngine } from "./engine.ts";
import { selfTest } from "./self-test.ts";

/** All engines by name, loaded when they are asked for; a new one is one file and one line here. */
export const engines = {
  onnx: async () => (await import("./onnx.ts")).onnx,
  tfjs: async () => (await import("./tfjs.ts")).tfjs,
  reference: async () => (await import("./reference.ts")).reference,
} satisfies Record<string, () => Promise<Engine>>;

export type EngineName = keyof typeof engines;

export const engineNames = Object.keys(engines) as readonly EngineName[];

export function isEngineName(name: string): name is EngineName {
  return Object.hasOwn(engines, name);
}

/** Which engine to take. */
export interface EngineWish {
  /** Default: the first that has the precision, is installed and passes its test, in the order of the registry. */
  readonly engine?: string | undefined;
  /** Default f32. */
  readonly precision?: Precision | undefined;
}

/**
 * Loads an engine and tests it: gradients of small networks against central differences, some 100 ms.
 *
 * @throws HnncError `unknown-engine` (usage); kind engine: `engine-precision` where it lacks the precision, `no-engine`
 *   where none works, and what `load` and `selfTest` throw
 * @example
 * const engine = await openEngine({ precision: "f64" });
 * engine.runtime; // "onnxruntime-node 1.30.0"
 */
export async function openEngine({ engine, precision = "f32" }: EngineWish = {}): Promise<LoadedEngine> {
  if (engine !== undefined) return tested(await named(engine), precision);
  const refusals: HnncError[] = [];
  for (const name of engineNames) {
    const candidate = await engines[name]();
    if (!candidate.precisions.includes(precision)) continue;
    try {
      return await tested(candidate, precision);
    } catch (error) {
      if (!(error instanceof HnncError)) throw error;
      refusals.push(error);
    }
  }
  throw new HnncError({
    kind: "engine",
    code: "no-engine",
    message: `no engine computes in ${precision} here`,
    notes: refusals.map(({ message }) => message),
    hint: refusals.find(({ hint }) => hint)?.hint,
  });
}

async function named(name: string): Promise<Engine> {
  if (isEngineName(name)) return engines[name]();
  throw new HnncError({
    kind: "usage",
    code: "unknown-engine",
    message: `there is no engine \`${name}\``,
    notes: [`engines: ${engineNames.join(", ")}`],
  });
}

async function tested(engine: Engine, precision: Precision): Promise<LoadedEngine> {
  if (!engine.precisions.includes(precision)) {
    throw new HnncError({
      kind: "engine",
      code: "engine-precision",
      message: `the engine \`${engine.name}\` computes in ${engine.precisions.join(", ")}, not in ${precision}`,
      hint: `ask for ${engine.precisions.join(" or ")}, or leave the engine out: one is chosen`,
    });
  }
  const loaded = await engine.load();
  try {
    await selfTest(loaded, precision);
    return loaded;
  } catch (error) {
    await loaded.close();
    throw error;
  }
}
