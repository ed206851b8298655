import type { Kernels } from "../codegen/load.ts";
import { loadWasm, type WasmKernels } from "../codegen/wasm/loader.ts";
import type { Compiled } from "../compile.ts";

/** The functions of the emitted portable JavaScript module. */
export function portableKernels(compiled: Compiled): Kernels {
  const text = compiled.emit("js", { portable: true }).replace(/^export /gm, "");
  return new Function(`"use strict";\n${text}\nreturn { hamiltonian, gradient, field };`)() as Kernels;
}

/** The emitted WebAssembly module, or the reason why it does not run here. */
export async function wasmKernels(compiled: Compiled, fma: boolean): Promise<WasmKernels | string> {
  const bytes = compiled.emit("wasm", { fma });
  try {
    return await loadWasm(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n", 1)[0]! : String(cause);
    return `this machine does not run the module: ${reason}`;
  }
}
