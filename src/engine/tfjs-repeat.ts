import type { Tensor } from "@tensorflow/tfjs";
import type { Feeds } from "../graph/evaluate.ts";
import type { GraphNode, NodeOf } from "../graph/graph.ts";
import { type Step, type StepParts, stepParts } from "../graph/step.ts";
import type { RepeatOptions, RepeatResult, Repetition } from "./engine.ts";
import { dimsOf, valueFor } from "./feeds.ts";
import { onBackend, type TfjsBackend } from "./tfjs-backends.ts";
import { TfjsProgram } from "./tfjs-run.ts";
import { tensorOf } from "./tfjs-tensors.ts";

/** Makes a step ready on the backend that is fastest for it, or on the one that was chosen before. */
export async function repeatTfjs(
  backends: readonly TfjsBackend[],
  step: Step,
  options: RepeatOptions,
): Promise<Repetition> {
  const parts = stepParts(step);
  const recorded = backends.filter(({ runtime }) => runtime === options.choice?.runtime);
  let best: { readonly run: TfjsRepetition; readonly time: number } | undefined;
  for (const backend of recorded.length > 0 ? recorded : backends) {
    const run = new TfjsRepetition(backend, parts, options);
    await onBackend(backend, () => run.start());
    const time = await run.time(best?.time ?? Number.POSITIVE_INFINITY);
    if (best && best.time <= time) await run.close();
    else {
      await best?.run.close();
      best = { run, time };
    }
  }
  const { run, time } = best!;
  const { runtime, threads } = run.backend;
  return {
    choice: { engine: "tfjs", runtime, threads },
    stepTime: time,
    run: (count, perStep = {}) => onBackend(run.backend, () => run.run(count, perStep)),
    state: () => onBackend(run.backend, () => run.state()),
    setState: (state) => onBackend(run.backend, () => run.setState(state)),
    close: () => run.close(),
  };
}

/** After this many milliseconds other work of the process gets its turn. */
const longestTurn = 30;

/** A step on one backend: the tensors of its state and of what stays. */
class TfjsRepetition {
  readonly backend: TfjsBackend;
  readonly #parts: StepParts;
  readonly #options: RepeatOptions;
  readonly #program: TfjsProgram;
  #fixed: readonly [GraphNode, Tensor][] = [];
  #state: readonly Tensor[] = [];

  constructor(backend: TfjsBackend, parts: StepParts, options: RepeatOptions) {
    this.backend = backend;
    this.#parts = parts;
    this.#options = options;
    this.#program = new TfjsProgram(backend.tf, [parts.loss, parts.healthy, ...parts.state.map(({ next }) => next)]);
  }

  start(): void {
    this.#fixed = this.#parts.fixed.map((leaf) => [leaf, this.#tensor(leaf, this.#options.fixed ?? {})]);
    this.setState(this.#options.state);
  }

  setState(state: Feeds): void {
    const made = this.#parts.state.map(({ leaf }) => this.#tensor(leaf, state));
    for (const tensor of this.#state) tensor.dispose();
    this.#state = made;
  }

  state(): Record<string, Float64Array> {
    const entries = this.#parts.state.map(({ leaf }, k): [string, Float64Array] => [
      leaf.attributes.name,
      Float64Array.from(this.#state[k]!.dataSync()),
    ]);
    return Object.fromEntries(entries);
  }

  async run(count: number, perStep: Feeds): Promise<RepeatResult> {
    const { batch = 1 } = this.#options;
    const rows = this.#parts.perStep.map((leaf) => Float64Array.from(valueFor(leaf, perStep, batch, count)));
    const losses: number[] = [];
    let turn = performance.now();
    for (let k = 0; k < count; k++) {
      const { loss, healthy, next } = this.#step(
        rows.map((row) => row.subarray((k * row.length) / count, ((k + 1) * row.length) / count)),
      );
      losses.push(loss);
      const [stays, goes] = healthy ? [next, this.#state] : [this.#state, next];
      for (const tensor of goes) tensor.dispose();
      this.#state = stays;
      if (!healthy) return { losses: Float64Array.from(losses), failed: k };
      if (performance.now() - turn < longestTurn) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
    return { losses: Float64Array.from(losses), failed: undefined };
  }

  /** Milliseconds a step, with zeros as per-step inputs; the state stays as it is. A slow first step is enough. */
  time(best: number): Promise<number> {
    const { batch = 1 } = this.#options;
    const zeros = this.#parts.perStep.map(({ shape }) => {
      return new Float64Array(dimsOf(shape, batch).reduce((product, dim) => product * dim, 1));
    });
    return onBackend(this.backend, () => {
      let time = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 4 && (round === 0 || time < 3 * best); round++) {
        const start = performance.now();
        for (const tensor of this.#step(zeros).next) tensor.dispose();
        time = Math.min(time, performance.now() - start);
      }
      return time;
    });
  }

  async close(): Promise<void> {
    for (const tensor of [...this.#state, ...this.#fixed.map(([, each]) => each)]) tensor.dispose();
    this.#program.dispose();
  }

  #step(perStep: readonly Float64Array[]): { loss: number; healthy: boolean; next: Tensor[] } {
    const { tf } = this.backend;
    const { batch = 1 } = this.#options;
    const results = tf.tidy(() => {
      const given = this.#parts.perStep.map((leaf, k): [GraphNode, Tensor] => [
        leaf,
        tensorOf(tf, leaf, perStep[k]!, batch),
      ]);
      const state = this.#parts.state.map(({ leaf }, k): [GraphNode, Tensor] => [leaf, this.#state[k]!]);
      // a state that does not change is still a tensor of its own
      return this.#program.run(new Map([...this.#fixed, ...state, ...given]), batch).map((each) => tf.clone(each));
    });
    const [loss, healthy, ...next] = results as [Tensor, Tensor, ...Tensor[]];
    const answer = { loss: loss.dataSync()[0]!, healthy: healthy.dataSync()[0] === 1, next };
    loss.dispose();
    healthy.dispose();
    return answer;
  }

  #tensor(leaf: NodeOf<"input">, feeds: Feeds): Tensor {
    const { batch = 1 } = this.#options;
    return tensorOf(this.backend.tf, leaf, valueFor(leaf, feeds, batch), batch);
  }
}
