import { HnncError } from "../errors.ts";
import type { Feeds } from "../graph/evaluate.ts";
import type { NodeOf } from "../graph/graph.ts";
import { type Shape, sizeOf } from "../graph/shape.ts";

/** The number of samples that the values of inputs with a batch axis hold; 1 where there is none. */
export function batchOf(leaves: readonly NodeOf<"input">[], feeds: Feeds): number {
  const batched = leaves.find(({ shape }) => shape[0] === "B");
  return batched ? Math.floor(given(batched, feeds).length / sizeOf(batched.shape)) : 1;
}

/** The shape with the number of samples put in. */
export function dimsOf(shape: Shape, batch: number): number[] {
  return shape.map((dim) => (dim === "B" ? batch : dim));
}

/**
 * The value of an input.
 *
 * @param times how many values one after the other
 * @throws HnncError `engine-input` where it is missing or has another length
 */
export function valueFor(leaf: NodeOf<"input">, feeds: Feeds, batch: number, times = 1): ArrayLike<number> {
  const value = given(leaf, feeds);
  const dims = dimsOf(leaf.shape, batch);
  const wanted = dims.reduce((product, dim) => product * dim, times);
  if (value.length === wanted) return value;
  const shape = `[${(times === 1 ? dims : [times, ...dims]).join(", ")}]`;
  throw wrong(leaf, `needs ${wanted} numbers, ${shape}, and is given ${value.length}`);
}

/** The inputs whose values stay, and those that each run is given. */
export function splitInputs(
  leaves: readonly NodeOf<"input">[],
  fixed: Feeds = {},
): { readonly staying: readonly NodeOf<"input">[]; readonly changing: readonly NodeOf<"input">[] } {
  const stays = ({ attributes }: NodeOf<"input">) => Object.hasOwn(fixed, attributes.name);
  return { staying: leaves.filter(stays), changing: leaves.filter((leaf) => !stays(leaf)) };
}

function given(leaf: NodeOf<"input">, feeds: Feeds): ArrayLike<number> {
  const { name } = leaf.attributes;
  const value = Object.hasOwn(feeds, name) ? feeds[name] : undefined;
  if (value === undefined) throw wrong(leaf, "is not given");
  return value;
}

function wrong({ attributes: { name } }: NodeOf<"input">, what: string): HnncError {
  return new HnncError({ kind: "usage", code: "engine-input", message: `the input \`${name}\` ${what}` });
}
