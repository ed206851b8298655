import { HnncError } from "../errors.ts";
import type { Call } from "../expr/expr.ts";
import type { Network } from "../network.ts";
import { type Block, type Entry, idIn, notAValue } from "./block.ts";
import type { NetworkCall, ValueId } from "./program.ts";

interface Draft {
  /** The first call, in whose place the statement stands. */
  readonly entry: Entry;
  readonly call: Call;
  value: ValueId | undefined;
  readonly slopes: (ValueId | undefined)[];
  /** By row. */
  readonly curvatures: Map<number, (ValueId | undefined)[]>;
}

/** The calls of networks in a block, by their places: one statement gives the value and the slopes at equal arguments. */
export function networkStatements(
  block: Block,
  networks: ReadonlyMap<string, Network>,
): ReadonlyMap<Entry, NetworkCall> {
  const drafts = new Map<string, Draft>();
  for (const entry of block.entries.values()) {
    const call = entry.node;
    if (call.kind !== "call") continue;
    if (!networks.has(call.name)) throw notAValue(call.name);
    const key = [call.name, ...call.args.map(({ id }) => id)].join(" ");
    const draft: Draft = drafts.get(key) ?? {
      entry,
      call,
      value: undefined,
      slopes: call.args.map(() => undefined),
      curvatures: new Map(),
    };
    drafts.set(key, draft);
    note(draft, call, entry.id);
  }
  return new Map(
    [...drafts.values()].map(({ entry, call, value, slopes, curvatures }): [Entry, NetworkCall] => [
      entry,
      {
        kind: "network",
        network: networks.get(call.name)!,
        args: call.args.map((arg) => idIn(block, arg)),
        value,
        slopes,
        curvatures: [...curvatures].sort(([a], [b]) => a - b).map(([row, entries]) => ({ row, entries })),
      },
    ]),
  );
}

/** Notes which derivative of the network a call is. */
function note(draft: Draft, { name, orders, args }: Call, id: ValueId): void {
  const along = orders.flatMap((order, k) => new Array<number>(order).fill(k));
  const [row, column] = along;
  if (along.length > 2) throw higherDerivative(name);
  if (row === undefined) draft.value = id;
  else if (column === undefined) draft.slopes[row] = id;
  else {
    const entries = draft.curvatures.get(row) ?? args.map(() => undefined);
    entries[column] = id;
    draft.curvatures.set(row, entries);
  }
}

function higherDerivative(name: string): HnncError {
  return new HnncError({
    kind: "formula",
    code: "network-derivative",
    message: `a third derivative of the network \`${name}\` is needed: kernels have the first two only`,
    hint: "the targets tfjs and onnx have derivatives of any order",
  });
}
