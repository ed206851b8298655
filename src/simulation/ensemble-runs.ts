import type { Source } from "../codegen/target.ts";
import { type Ensemble, ensemble } from "../ensemble/ensemble.ts";
import type { Block, Diverged, EnsembleOptions, EnsembleSummary } from "../ensemble/options.ts";
import type { RowMaker } from "./rows.ts";

export interface EnsembleRunParts {
  readonly source: Source;
  readonly options: EnsembleOptions;
  readonly params: Readonly<Record<string, number | readonly number[]>> | undefined;
  /** [B, 2n]. */
  readonly starts: Float64Array;
  readonly samples: number;
  /** Bytes of samples that are held at once. Default 64 MiB. */
  readonly blockBytes: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly progress: ((fraction: number) => void) | undefined;
}

const usualBlock = 2 ** 26;
/**
 * What the kernel computes at once, of groups, and of a trajectory that is handed on in pieces: the plan of that many
 * samples is held as well, a row each.
 */
const usualPiece = { group: 2 ** 23, one: 2 ** 19 };
/** Trajectories that fill the vectors of every thread. */
const fullTile = 64;

/**
 * Runs an ensemble so that rows come trajectory after trajectory: in groups whose samples fit into memory, or, where a
 * single trajectory does not, one by one in pieces. What becomes of a trajectory does not depend on its group.
 */
export async function runEnsemble(parts: EnsembleRunParts, rows: RowMaker): Promise<EnsembleSummary> {
  const { source, options, starts, samples, blockBytes = usualBlock } = parts;
  const { dimension } = source.equations.layout;
  const count = starts.length / dimension;
  const each = 2 * 8 * samples * (dimension + 1);
  const fitting = Math.floor(blockBytes / each);
  const group = fitting >= count ? count : fitting > fullTile ? fitting - (fitting % fullTile) : Math.max(1, fitting);
  const inPieces = each > blockBytes;
  const piece = parts.blockBytes ?? usualPiece[inPieces ? "one" : "group"];
  const running = ensemble(source, { ...options, energy: true, blockBytes: piece });
  const summaries: EnsembleSummary[] = [];
  try {
    for (let first = 0; first < count; first += group) {
      const size = Math.min(group, count - first);
      const part = { ...parts, starts: starts.subarray(first * dimension, (first + size) * dimension) };
      const run = {
        signal: parts.signal,
        progress: parts.progress && ((fraction: number) => parts.progress!((first + fraction * size) / count)),
      };
      const summary = await (inPieces ? runOne : runGroup)(running, part, rows, first, run);
      summaries.push(shifted(summary, first));
    }
  } finally {
    running.close();
  }
  return summed(summaries, count);
}

type Run = { readonly signal: AbortSignal | undefined; readonly progress: ((fraction: number) => void) | undefined };

async function runGroup(
  running: Ensemble,
  { source, starts, params, samples }: EnsembleRunParts,
  rows: RowMaker,
  first: number,
  run: Run,
): Promise<EnsembleSummary> {
  const { dimension } = source.equations.layout;
  const count = starts.length / dimension;
  const times = new Float64Array(samples);
  /** [B, S, 2n] and [B, S]: blocks come in the order of time, rows go in that of trajectories. */
  const [states, energies] = [new Float64Array(count * samples * dimension), new Float64Array(count * samples)];
  const keep = (block: Block) => {
    times.set(block.times, block.first);
    for (let b = 0; b < count; b++) {
      for (let k = 0; k < block.times.length; k++) {
        const [from, to] = [k * count + b, b * samples + block.first + k];
        for (let i = 0; i < dimension; i++) states[to * dimension + i] = block.states[from * dimension + i]!;
        energies[to] = block.energy![from]!;
      }
    }
  };
  const summary = await running.stream(starts, keep, params, run);
  const diverged = new Map(summary.diverged.map((each) => [each.trajectory, each]));
  for (let b = 0; b < count; b++) {
    const own = {
      times,
      states: states.subarray(b * samples * dimension, (b + 1) * samples * dimension),
      energies: energies.subarray(b * samples, (b + 1) * samples),
    };
    await addRows(rows, first + b, own, diverged.get(b), dimension);
  }
  return summary;
}

async function runOne(
  running: Ensemble,
  { source, starts, params }: EnsembleRunParts,
  rows: RowMaker,
  first: number,
  run: Run,
): Promise<EnsembleSummary> {
  const { dimension } = source.equations.layout;
  let last = Number.NaN;
  const take = async ({ times, states, energy }: Block) => {
    const good = goodRows(states, dimension);
    if (good > 0) last = times[good - 1]!;
    const whole = good === times.length;
    await rows.add(
      first,
      whole ? times : times.slice(0, good),
      whole ? states : states.slice(0, good * dimension),
      whole ? energy! : energy!.slice(0, good),
    );
  };
  const summary = await running.stream(starts, take, params, run);
  const [diverged] = summary.diverged;
  if (diverged) await addLast(rows, first, diverged, last);
  return summary;
}

interface Own {
  readonly times: Float64Array;
  readonly states: Float64Array;
  readonly energies: Float64Array;
}

/** Rows of a trajectory that came to an end stop at its last good state. */
async function addRows(
  rows: RowMaker,
  run: number,
  { times, states, energies }: Own,
  diverged: Diverged | undefined,
  dimension: number,
): Promise<void> {
  if (!diverged) return rows.add(run, times, states, energies);
  const good = goodRows(states, dimension);
  await rows.add(run, times.slice(0, good), states.slice(0, good * dimension), energies.slice(0, good));
  await addLast(rows, run, diverged, times[good - 1]);
}

async function addLast(rows: RowMaker, run: number, { time, state }: Diverged, last: number | undefined) {
  if (time !== last && state.every(Number.isFinite)) await rows.add(run, Float64Array.of(time), state);
}

/** How many rows there are before the first that is not finite. */
function goodRows(states: Float64Array, dimension: number): number {
  const bad = states.findIndex((value) => !Number.isFinite(value));
  return bad < 0 ? states.length / dimension : Math.floor(bad / dimension);
}

function shifted(summary: EnsembleSummary, first: number): EnsembleSummary {
  return { ...summary, diverged: summary.diverged.map((each) => ({ ...each, trajectory: each.trajectory + first })) };
}

function summed(summaries: readonly EnsembleSummary[], trajectories: number): EnsembleSummary {
  const total = (key: "steps" | "rejected" | "evaluations" | "iterations") =>
    summaries.reduce((sum, summary) => sum + summary[key], 0);
  return {
    ...summaries[0]!,
    trajectories,
    steps: total("steps"),
    rejected: total("rejected"),
    evaluations: total("evaluations"),
    iterations: total("iterations"),
    diverged: summaries.flatMap(({ diverged }) => diverged),
  };
}
