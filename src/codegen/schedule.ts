import type { Affine, Binder } from "../expr/affine.ts";
import { children, type Element, type Expr, type Reduce } from "../expr/expr.ts";
import { sum } from "../expr/reduce.ts";
import type { Place, Write } from "../mechanics/equations.ts";
import type { Layout } from "../mechanics/layout.ts";
import type { Network } from "../network.ts";
import { type Block, boundIn, type Entry, fixed, home, idIn, integerOf, notAValue, placeOf } from "./block.ts";
import { networkStatements } from "./network-statements.ts";
import { Preparation } from "./prepare.ts";
import type { Program, Statement, Value, ValueId } from "./program.ts";

/**
 * Turns formulas into a program. Every sub-expression is computed once, in the outermost loop that knows its indices;
 * sums over the same range that do not wait for one another share a loop, so that an energy, its gradient and several
 * forces need one pass over the pairs.
 *
 * @param outputs length of the output vector
 * @throws HnncError kind `formula` for functions without a body, and for second derivatives of networks
 */
export function schedule(
  layout: Layout,
  writes: readonly Write[],
  outputs: number,
  { networks = new Map(), preparation = new Preparation() }: ScheduleOptions = {},
): Program {
  return new Scheduler(layout, networks, preparation).program(writes, outputs);
}

export interface ScheduleOptions {
  /** What stands behind the functions that formulas call. */
  readonly networks?: ReadonlyMap<string, Network> | undefined;
  /** Programs that are given the same one prepare what they share once. */
  readonly preparation?: Preparation | undefined;
}

/** Updates read finished outputs: their loops come last. */
const last = Number.MAX_SAFE_INTEGER;

class Scheduler {
  readonly #layout: Layout;
  readonly #networks: ReadonlyMap<string, Network>;
  readonly #preparation: Preparation;
  #values = 0;
  #loops = 0;

  constructor(layout: Layout, networks: ReadonlyMap<string, Network>, preparation: Preparation) {
    this.#layout = layout;
    this.#networks = networks;
    this.#preparation = preparation;
  }

  program(writes: readonly Write[], outputs: number): Program {
    const root = this.#block(undefined, undefined, 0);
    for (const write of writes) this.#write(root, write);
    const body = this.#statements(root);
    const cleared = writes.filter((write) => write.kind === "store").length < outputs;
    return { outputs, cleared, body, values: this.#values, loops: this.#loops };
  }

  #block(parent: Block | undefined, binder: Binder | undefined, stage: number): Block {
    const loop = binder ? this.#loops++ : -1;
    return {
      parent,
      binder,
      loop,
      stage,
      entries: new Map(),
      needs: new Map(),
      loops: new Map(),
      accumulators: [],
      effects: [],
    };
  }

  #write(root: Block, write: Write): void {
    if (write.kind === "store") {
      const value = this.#value(this.#preparation.prepare(write.value), root);
      root.effects.push({ kind: "store", at: fixed(write.slot), value });
    } else if (write.kind === "scatter") {
      this.#scatter(root, write.place, [...write.over], write.value);
    } else {
      const block = write.over.reduce((at, binder) => this.#loop(at, binder, last), root);
      const value = this.#value(this.#preparation.prepare(write.value), block);
      const effect = { at: placeOf(write.place, block), other: placeOf(write.other, block), value };
      block.effects.push({ kind: "update", ...effect });
    }
  }

  /** What the innermost index does not move is added up in a register and written once. */
  #scatter(root: Block, place: Place, over: Binder[], value: Expr): void {
    const moves = ({ index }: Binder) => place.at.some((at) => at.terms.some((term) => term.index === index));
    for (let binder = over.at(-1); binder && !moves(binder); binder = over.at(-1)) {
      const { index, ...range } = binder;
      value = sum(index, range, value);
      over.pop();
    }
    const prepared = this.#preparation.prepare(value);
    const block = over.reduce((at, binder) => this.#loop(at, binder, this.#need(prepared, at)), root);
    block.effects.push({ kind: "scatter", at: placeOf(place, block), value: this.#value(prepared, block) });
  }

  /** The loop over `binder` that runs in the given stage of a block. */
  #loop(block: Block, binder: Binder, stage: number): Block {
    const { index, lo, hi, except } = binder;
    const key = `${stage}:${index.level}:${[lo, hi, ...except].map((at) => at.key).join(";")}`;
    let loop = block.loops.get(key);
    if (!loop) {
      loop = this.#block(block, binder, stage);
      block.loops.set(key, loop);
    }
    return loop;
  }

  /** Computes a node, and what it needs, each in the outermost block that binds its indices. */
  #value(root: Expr, from: Block): ValueId {
    const stack: Expr[] = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!;
      const block = home(node, from);
      if (block.entries.has(node)) {
        stack.pop();
        continue;
      }
      const height = stack.length;
      const parts = partsOf(node);
      let stage = 0;
      for (let k = parts.length - 1; k >= 0; k--) {
        const place = home(parts[k]!, from);
        const entry = place.entries.get(parts[k]!);
        if (entry === undefined) stack.push(parts[k]!);
        else if (place === block && entry.stage > stage) stage = entry.stage;
      }
      if (stack.length > height) continue;
      if (node.kind === "reduce") this.#reduce(node, block, this.#need(node, block));
      else block.entries.set(node, { node, id: this.#values++, stage });
      stack.pop();
    }
    return home(root, from).entries.get(root)!.id;
  }

  #reduce(node: Reduce, block: Block, stage: number): void {
    const { index, lo, hi, except, op } = node;
    const loop = this.#loop(block, { index, lo, hi, except }, stage - 1);
    const id = this.#values++;
    block.entries.set(node, { node, id, stage });
    loop.accumulators.push({ id, initial: op === "sum" ? 0 : 1 });
    const value = this.#value(node.body, loop);
    loop.effects.push({ kind: "accumulate", id, op: op === "sum" ? "add" : "mul", value });
  }

  /** How many stages of loops of this very block must have run before the node can be computed. */
  #need(root: Expr, block: Block): number {
    const known = block.needs.get(root);
    if (known !== undefined) return known;
    const stack: Expr[] = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!;
      if (block.needs.has(node)) {
        stack.pop();
        continue;
      }
      const height = stack.length;
      const below = children(node);
      let most = 0;
      for (let k = below.length - 1; k >= 0; k--) {
        const need = block.needs.get(below[k]!);
        if (need === undefined) stack.push(below[k]!);
        else if (need > most) most = need;
      }
      if (stack.length > height) continue;
      block.needs.set(node, this.#stage(node, block, most));
      stack.pop();
    }
    return block.needs.get(root)!;
  }

  #stage(node: Expr, block: Block, below: number): number {
    if (home(node, block) !== block) return 0;
    return node.kind === "reduce" && boundIn(node, block) ? below + 1 : below;
  }

  // ── writing the program ───────────────────────────────────────────────────────────────────────────────────────────

  #statements(block: Block): Statement[] {
    const out: Statement[] = [];
    const stages = new Set<number>([0]);
    for (const { stage } of block.entries.values()) stages.add(stage);
    for (const { stage } of block.loops.values()) stages.add(stage);
    const paired = pairs(block);
    const calls = networkStatements(block, this.#networks);
    for (const stage of [...stages].sort((a, b) => a - b)) {
      if (stage === last) this.#effects(block, out);
      for (const entry of block.entries.values()) {
        if (entry.stage !== stage || entry.node.kind === "reduce") continue;
        const statement =
          entry.node.kind === "call" ? calls.get(entry) : statementOf(entry, block, paired, this.#layout);
        if (statement) out.push(statement);
      }
      for (const loop of block.loops.values()) if (loop.stage === stage) this.#loopStatements(loop, out);
    }
    if (!stages.has(last)) this.#effects(block, out);
    return out;
  }

  #loopStatements(loop: Block, out: Statement[]): void {
    const { lo, hi, except } = loop.binder!;
    const at = (affine: Affine) => integerOf(affine, loop.parent);
    for (const { id, initial } of loop.accumulators) out.push({ kind: "accumulator", id, initial });
    const body = this.#statements(loop);
    out.push({ kind: "loop", loop: loop.loop, lo: at(lo), hi: at(hi), except: except.map(at), body });
  }

  #effects(block: Block, out: Statement[]): void {
    for (const effect of block.effects) {
      if (effect.kind !== "update") {
        out.push(effect);
        continue;
      }
      const [read, product] = [this.#values++, this.#values++];
      out.push({ kind: "let", id: read, value: { kind: "output", at: effect.other } });
      out.push({ kind: "let", id: product, value: { kind: "op", op: "mul", args: [effect.value, read] } });
      out.push({ kind: "scatter", at: effect.at, value: product });
    }
  }
}

function partsOf(node: Expr): readonly Expr[] {
  return node.kind === "reduce" ? [] : children(node);
}

/** For the argument of both a sine and a cosine in the block: their values. */
function pairs(block: Block): Map<Expr, { sin?: ValueId; cos?: ValueId }> {
  const found = new Map<Expr, { sin?: ValueId; cos?: ValueId }>();
  for (const { node, id } of block.entries.values()) {
    if (node.kind !== "apply" || (node.op !== "sin" && node.op !== "cos")) continue;
    const pair = found.get(node.args[0]!) ?? {};
    pair[node.op] = id;
    found.set(node.args[0]!, pair);
  }
  for (const [arg, { sin, cos }] of found) if (sin === undefined || cos === undefined) found.delete(arg);
  return found;
}

function statementOf(
  { node, id }: Entry,
  block: Block,
  paired: ReadonlyMap<Expr, { sin?: ValueId; cos?: ValueId }>,
  layout: Layout,
): Statement | undefined {
  const pair =
    node.kind === "apply" && (node.op === "sin" || node.op === "cos") ? paired.get(node.args[0]!) : undefined;
  if (pair && node.kind === "apply") {
    if (id !== Math.min(pair.sin!, pair.cos!)) return undefined;
    return { kind: "sincos", sin: pair.sin!, cos: pair.cos!, arg: idIn(block, node.args[0]!) };
  }
  return { kind: "let", id, value: valueFor(node, block, layout) };
}

function valueFor(node: Expr, block: Block, layout: Layout): Value {
  switch (node.kind) {
    case "const":
      return { kind: "const", value: node.value };
    case "symbol":
      return namedValue(node.name, layout);
    case "element":
      return elementValue(node, block, layout);
    case "index":
      return { kind: "integer", at: integerOf({ offset: 0, terms: [{ index: node.index, factor: 1 }] }, block) };
    case "apply":
      return { kind: "op", op: node.op, args: node.args.map((arg) => idIn(block, arg)) };
    default:
      throw notAValue(node.kind);
  }
}

function namedValue(name: string, layout: Layout): Value {
  const state = layout.state.get(name);
  if (state) return { kind: "state", at: fixed(state.offset) };
  const parameter = layout.parameters.get(name);
  if (parameter) return { kind: "parameter", at: fixed(parameter.offset) };
  if (name === "t") return { kind: "time" };
  throw notAValue(name);
}

function elementValue({ vector, at, edge }: Element, block: Block, layout: Layout): Value {
  const state = layout.state.get(vector.name);
  const slot = state ?? layout.parameters.get(vector.name);
  if (!slot) throw notAValue(vector.name);
  const place = placeOf({ offset: slot.offset, shape: slot.shape, at, edge }, block);
  return { kind: state ? "state" : "parameter", at: place };
}
