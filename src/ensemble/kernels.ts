import { type EnsembleKernel, emitEnsemble } from "../codegen/ensemble/ensemble-kernel.ts";
import type { Source } from "../codegen/target.ts";
import type { Integrator } from "../integrate/integrator.ts";
import { motionFacts } from "./facts.ts";

/** A method and a model as a module; it holds no numbers of a run, so that any number of runs may share it. */
export interface CompiledKernel {
  readonly kernel: EnsembleKernel;
  readonly module: WebAssembly.Module;
}

export interface KernelWish {
  readonly integrator: Integrator;
  readonly fma: boolean;
  readonly compensated: boolean;
  readonly energy: boolean;
  /** Pairs of trajectories that a tile may have. */
  readonly mostWidth: number;
  /** Pages of a memory that threads share, at most; undefined: a memory of its own. */
  readonly sharedPages: number | undefined;
}

/** Those that runs have asked for, the last one first; they go with their model. */
const kept = new WeakMap<Source, { readonly wish: KernelWish; readonly made: CompiledKernel }[]>();
const mostKept = 16;

/** The kernel of an earlier run of the same model, or a new one: compiling takes longer than many runs do. */
export function kernelOf(source: Source, wish: KernelWish): CompiledKernel {
  const known = kept.get(source) ?? [];
  const found = known.find((each) => same(each.wish, wish)) ?? { wish, made: compiled(source, wish) };
  kept.set(source, [found, ...known.filter((each) => each !== found)].slice(0, mostKept));
  return found.made;
}

function same(a: KernelWish, b: KernelWish): boolean {
  return (
    a.integrator === b.integrator &&
    a.fma === b.fma &&
    a.compensated === b.compensated &&
    a.energy === b.energy &&
    a.mostWidth === b.mostWidth &&
    a.sharedPages === b.sharedPages
  );
}

function compiled(source: Source, { integrator, ...options }: KernelWish): CompiledKernel {
  const kineticDependsOnTime = motionFacts(source).kineticDependsOnTime === true;
  const kernel = emitEnsemble(source, integrator, { kineticDependsOnTime }, options);
  return { kernel, module: new WebAssembly.Module(kernel.bytes) };
}
