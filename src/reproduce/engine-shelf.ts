import type { LoadedEngine } from "../engine/engine.ts";
import { engines, isEngineName, openEngine } from "../engine/engines.ts";
import type { Precision } from "../graph/graph.ts";
import type { FitOptions } from "./column.ts";

/** Engines that are opened once and used for all fits. */
export interface EngineShelf {
  readonly take: FitOptions["engine"];
  close(): Promise<void>;
}

/** @param wanted an engine's name; default: the first that works */
export function engineShelf(wanted: string | undefined): EngineShelf {
  const open = new Map<Precision, LoadedEngine>();
  const take = async (asked: Precision) => {
    const precision = await possible(wanted, asked);
    const engine = open.get(precision) ?? (await openEngine({ engine: wanted, precision }));
    open.set(precision, engine);
    return { engine, precision };
  };
  return {
    take,
    close: async () => {
      for (const engine of open.values()) await engine.close();
    },
  };
}

/** The precision that is asked for, or what a named engine has instead. */
async function possible(wanted: string | undefined, asked: Precision): Promise<Precision> {
  if (wanted === undefined || !isEngineName(wanted)) return asked;
  const { precisions } = await engines[wanted]();
  return precisions.includes(asked) ? asked : precisions[0]!;
}
