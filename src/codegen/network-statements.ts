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
    const slopes = call.args.map(() => undefined);
    const draft: Draft = drafts.get(key) ?? { entry, call, value: undefined, slopes };
    drafts.set(key, draft);
    const order = call.orders.reduce((sum, each) => sum + each, 0);
    if (order > 1) throw higherDerivative(call.name);
    if (order === 0) draft.value = entry.id;
    else draft.slopes[call.orders.indexOf(1)] = entry.id;
  }
  return new Map(
    [...drafts.values()].map(({ entry, call, value, slopes }): [Entry, NetworkCall] => [
      entry,
      {
        kind: "network",
        network: networks.get(call.name)!,
        args: call.args.map((arg) => idIn(block, arg)),
        value,
        slopes,
      },
    ]),
  );
}

function higherDerivative(name: string): HnncError {
  return new HnncError({
    kind: "formula",
    code: "network-derivative",
    message: `a second derivative of the network \`${name}\` is needed: kernels have the first ones only`,
    notes: ["they are needed where H holds a derivative of a network, and for Lyapunov exponents"],
    hint: "the targets tfjs and onnx have derivatives of any order",
  });
}
