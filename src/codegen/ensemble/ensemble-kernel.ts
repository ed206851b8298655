import type { EmbeddedScheme, Integrator } from "../../integrate/integrator.ts";
import type { Write } from "../../mechanics/equations.ts";
import { networkCalls, type Program } from "../program.ts";
import { schedule } from "../schedule.ts";
import type { Source } from "../target.ts";
import { placeNetworks } from "../wasm/network-memory.ts";
import { WasmUnit } from "../wasm/unit.ts";
import { entryBytes, type Part } from "../wasm/vectors.ts";
import { addAdaptive } from "./adaptive.ts";
import { type AdaptiveLayout, adaptiveLayout } from "./adaptive-layout.ts";
import { addRun, addSteps, type FixedLayout, type FixedOptions, fixedLayout, rowExtras } from "./fixed-step.ts";
import { addRecorder, control, KernelUnit, row } from "./tile.ts";
import { networkWork, writtenOutSize } from "./unrolling.ts";

export interface EnsembleKernelOptions {
  /** Relaxed-SIMD fused multiply-add: faster, but its bits differ between machines. */
  readonly fma: boolean;
  /** Keeps what rounding takes away from each sum, as the plain steppers do. */
  readonly compensated: boolean;
  /** Writes H of each sample. */
  readonly energy: boolean;
  /** At most this many pairs of trajectories are to stand side by side. */
  readonly mostWidth: number;
  /** The pages that the shared memory may have at most; without it the module has a memory of its own. */
  readonly sharedPages?: number | undefined;
}

/** A module that advances ensembles, and how its memory is laid out. All sizes are in bytes. */
export interface EnsembleKernel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly degreesOfFreedom: number;
  readonly parameterCount: number;
  /** Pairs of trajectories side by side; a tile is twice as many trajectories. */
  readonly width: number;
  readonly layout: FixedLayout | AdaptiveLayout;
  /** A row of the plan. */
  readonly rowBytes: number;
  readonly scratchBytes: number;
  /** The first address that is free for plan, outputs, tiles and scratch memory. */
  readonly heap: number;
  /** Operations of a step of one trajectory, roughly. */
  readonly operations: number;
}

/** ẋ, or only its part q̇ or ṗ, as a program of its own. */
export function partProgram({ model, equations }: Source, part: Part): Program {
  const { layout, field } = equations;
  const n = layout.degreesOfFreedom;
  const slot = (write: Write) => (write.kind === "store" ? write.slot : write.place.offset);
  const wanted = field.filter((write) => part === "field" || (part === "velocity") === slot(write) < n);
  return schedule(layout, wanted, layout.dimension, { networks: model.networks });
}

/** More operations than this, all vectors counted, are not written out in one function: about 40 kB of code. */
const mostWritten = 6000;
/** Above this many entries of a state vectors stand in memory. */
const mostEntries = 24;
/** So many operations of one step that a call of the inner function ends soon enough to be cancelled. */
const operationsAtOnce = 4e6;

/** Compiles a method and a model's field into one module. */
export function emitEnsemble(
  source: Source,
  integrator: Integrator,
  facts: { readonly kineticDependsOnTime: boolean },
  options: EnsembleKernelOptions,
): EnsembleKernel {
  const { layout: places } = source.equations;
  const n = places.degreesOfFreedom;
  const { scheme } = integrator;
  const parts: readonly Part[] = scheme.kind === "splitting" ? ["velocity", "force"] : ["field"];
  const programs = new Map(parts.map((part) => [part, partProgram(source, part)]));
  const program = (part: Part) => programs.get(part)!;
  const size = parts.reduce((sum, part) => sum + writtenOutSize(program(part).body, mostWritten), 0);
  const inNetworks = parts.reduce((sum, part) => sum + networkWork(program(part).body), 0);
  const shape = shapeOf(integrator, 2 * n, { size, inNetworks }, options.mostWidth);
  const hamiltonian = options.energy ? source.program("hamiltonian") : undefined;
  const called = [...programs.values(), ...(hamiltonian ? [hamiltonian] : [])].flatMap(({ body }) =>
    networkCalls(body),
  );
  const networks = placeNetworks(
    called.map(({ network }) => network),
    Math.ceil((control.parameters + 8 * places.parameterCount) / 64) * 64,
  );
  const unit = new WasmUnit({ fma: options.fma, reserved: networks.end, networks });
  const common = { degreesOfFreedom: n, parameterCount: places.parameterCount };
  const kernel = new KernelUnit(unit, { ...common, ...shape, parts, program, hamiltonian }, networks.scratchBytes);
  const { layout, rowBytes } =
    scheme.kind === "embedded"
      ? addAdaptiveKernel(kernel, scheme, options)
      : addFixedKernel(kernel, { ...facts, ...options, scheme, order: integrator.order }, shape.operations);
  const bytes = unit.encode({}, options.sharedPages);
  const { width, operations } = shape;
  const scratchBytes = Math.ceil((kernel.scratchBytes + entryBytes(width)) / 64) * 64;
  return { bytes, ...common, width, layout, rowBytes, scratchBytes, heap: unit.heap, operations };
}

interface Added {
  readonly layout: FixedLayout | AdaptiveLayout;
  readonly rowBytes: number;
}

function addAdaptiveKernel(kernel: KernelUnit, scheme: EmbeddedScheme, { compensated }: EnsembleKernelOptions): Added {
  const layout = adaptiveLayout(kernel.plan.degreesOfFreedom, kernel.plan.width, scheme);
  addAdaptive(kernel, layout, scheme, compensated);
  return { layout, rowBytes: row.extra };
}

function addFixedKernel(kernel: KernelUnit, options: Omit<FixedOptions, "stepsAtOnce">, operations: number): Added {
  const stepsAtOnce = Math.max(1, Math.min(128, 2 ** Math.floor(Math.log2(operationsAtOnce / operations))));
  const layout = fixedLayout(kernel.plan.degreesOfFreedom, kernel.plan.width, options);
  const rowBytes = row.extra + 8 * rowExtras(options.scheme, 1).length;
  const steps = addSteps(kernel, layout, options);
  addRun(kernel, steps, addRecorder(kernel, layout.state), stepsAtOnce, rowBytes);
  return { layout, rowBytes };
}

interface Shape {
  readonly width: number;
  readonly registers: boolean;
  readonly operations: number;
}

/**
 * Registers or memory, and how many vectors side by side: as many as hide the latency of the operations, fewer where a
 * field has enough independent operations of its own.
 */
function shapeOf(
  { scheme }: Integrator,
  entries: number,
  { size, inNetworks }: { readonly size: number; readonly inNetworks: number },
  most: number,
): Shape {
  const evaluations = evaluationsOf(scheme);
  const written = scheme.kind === "splitting" && evaluations.all > 2 ? 1 : evaluations.all;
  const combined = scheme.kind === "splitting" ? 2 : evaluations.all;
  const operations = evaluations.all * (size + inNetworks + combined * entries);
  const length = written * (size + combined * entries);
  const registers = entries <= mostEntries && length <= mostWritten;
  const capped = Number.isFinite(operations) ? operations : 1e5;
  if (!registers) return { width: Math.min(2, most), registers, operations: capped };
  // networks are computed state by state: beside them there is no latency to hide
  const wished = inNetworks > 0 ? 1 : scheme.kind === "embedded" ? 2 : size < 80 ? 8 : size < 200 ? 4 : 2;
  const width = Math.max(1, Math.min(wished, most, Math.floor(mostWritten / length)));
  return { width, registers, operations: capped };
}

/** Evaluations of the whole field, or of both its parts, in a step. */
function evaluationsOf(scheme: Integrator["scheme"]): { readonly all: number } {
  switch (scheme.kind) {
    case "splitting":
      return { all: scheme.kick.length };
    case "runge-kutta":
    case "gauss":
      return { all: scheme.b.length };
    case "extended":
      return { all: 4 * scheme.weights.length };
    case "embedded":
      return { all: scheme.b.length + 1 + scheme.dense.c.length };
  }
}
