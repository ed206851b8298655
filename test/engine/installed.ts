import type { Engine } from "../../src/engine/engine.ts";
import { type EngineName, engineNames, engines } from "../../src/engine/engines.ts";

/** The engines that are installed; the others are optional, and their tests are left out. */
export async function installedEngines(): Promise<(Engine & { readonly name: EngineName })[]> {
  const found: (Engine & { readonly name: EngineName })[] = [];
  for (const name of engineNames) {
    const engine = await engines[name]();
    try {
      await (await engine.load()).close();
      found.push(engine as Engine & { readonly name: EngineName });
    } catch {
      console.warn(`the engine ${name} is not installed: its tests are left out`);
    }
  }
  return found;
}
