import { type Draft, type Item, Kind, type Ref } from "./instructions.ts";

/** What a function needs of each of its values. */
export interface Lifetimes {
  /** How often it is an operand. A result counts as two more: it is never left on the stack. */
  readonly uses: Uint32Array;
  /** The place of the last item that needs it; a result's is past the end. */
  readonly last: Int32Array;
  /** For the end of each loop the values from before the loop that are needed until there. */
  readonly prolonged: ReadonlyMap<Item, readonly Ref[]>;
}

/** Marks the items that effects and results depend on, and finds out how long each value is needed. */
export function findLifetimes(draft: Draft, results: readonly Ref[]): Lifetimes {
  const { items, types, makers, assignments, closings } = draft;
  const uses = new Uint32Array(types.length);
  const last = new Int32Array(types.length).fill(-1);
  const pending: Item[] = [...draft.effective];
  for (const result of results) {
    uses[result]! += 2;
    const maker = makers[result];
    if (maker) pending.push(maker, ...(assignments.get(result) ?? []));
  }
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (item.live) continue;
    item.live = true;
    const { at, args, kind, out, outs, parent } = item;
    for (let ref = out; ref < out + outs; ref++) if (last[ref]! < at) last[ref] = at;
    if (parent !== undefined && !parent.live) pending.push(parent);
    if (kind === Kind.If || kind === Kind.Loop) pending.push(...closings.get(item)!);
    for (let k = 0; k < args.length; k++) {
      const arg = args[k]!;
      uses[arg]!++;
      if (last[arg]! < at) last[arg] = at;
      const maker = makers[arg];
      if (maker === undefined) continue;
      if (!maker.live) pending.push(maker);
      if (maker.kind === Kind.Assign) pending.push(...assignments.get(arg)!);
    }
  }
  const prolonged = closings.size > 0 ? prolong(draft, last) : new Map<Item, readonly Ref[]>();
  for (const result of results) last[result] = items.length;
  return { uses, last, prolonged };
}

/** Values from before a loop that are used in it are needed until its end. */
function prolong({ items, types }: Draft, last: Int32Array): ReadonlyMap<Item, readonly Ref[]> {
  const prolonged = new Map<Item, readonly Ref[]>();
  const first = new Int32Array(types.length).fill(-1);
  /** The number of the loop that has noted a value last. */
  const noted = new Int32Array(types.length);
  const open: { readonly number: number; readonly start: number; readonly outside: Ref[] }[] = [];
  let loops = 0;
  const touch = (ref: Ref): void => {
    const { number, start, outside } = open[open.length - 1]!;
    if (first[ref]! >= start || first[ref] === -1 || noted[ref] === number) return;
    noted[ref] = number;
    outside.push(ref);
  };
  for (const item of items) {
    if (!item.live) continue;
    const { at, args, kind, out, outs, parent } = item;
    for (let ref = out; ref < out + outs; ref++) {
      if (first[ref] === -1) first[ref] = at;
      if (open.length > 0) touch(ref);
    }
    if (open.length > 0) for (const arg of args) touch(arg);
    if (kind === Kind.Loop) open.push({ number: ++loops, start: at, outside: [] });
    if (kind !== Kind.End || parent!.kind !== Kind.Loop) continue;
    const { outside } = open.pop()!;
    for (const ref of outside) {
      if (last[ref]! < at) last[ref] = at;
      if (open.length > 0) touch(ref);
    }
    prolonged.set(item, outside);
  }
  return prolonged;
}
