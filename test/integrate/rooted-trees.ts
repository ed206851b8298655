/** A rooted tree: its branches. */
export type Tree = readonly Tree[];

export function size(tree: Tree): number {
  return tree.reduce((sum, branch) => sum + size(branch), 1);
}

/** γ(τ) = |τ| · Π γ(branches). */
export function density(tree: Tree): number {
  return tree.reduce((product, branch) => product * density(branch), size(tree));
}

/** All rooted trees of up to `most` nodes: 1, 1, 2, 4, 9, 20, 48, 115 of each size. */
export function rootedTrees(most: number): Tree[] {
  const all: Tree[] = [[]];
  for (let nodes = 2; nodes <= most; nodes++) all.push(...forests(nodes - 1, all, 0));
  return all;
}

/** Multisets of the known trees from index `from` on, with so many nodes together. */
function forests(nodes: number, known: readonly Tree[], from: number): Tree[] {
  if (nodes === 0) return [[]];
  return known.flatMap((tree, k) =>
    k < from || size(tree) > nodes ? [] : forests(nodes - size(tree), known, k).map((rest) => [tree, ...rest]),
  );
}

/** Σ bᵢ Φᵢ(τ), which a Runge–Kutta method of order p ≥ |τ| makes 1/γ(τ) (Hairer, Nørsett, Wanner I, theorem II.2.13). */
export function elementaryWeight(tree: Tree, a: readonly (readonly number[])[], b: readonly number[]): number {
  const stageWeights = (node: Tree): number[] => {
    const branches = node.map(stageWeights);
    return a.map((row) =>
      branches.reduce((product, branch) => product * row.reduce((sum, w, j) => sum + w * branch[j]!, 0), 1),
    );
  };
  return stageWeights(tree).reduce((sum, weight, i) => sum + b[i]! * weight, 0);
}
