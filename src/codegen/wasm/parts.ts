import { networkResults, type Program, type Statement, usedBy, type ValueId } from "../program.ts";

/**
 * A run of top-level statements that becomes a function of its own, because the optimising compilers of engines take
 * time more than proportional to a function's size. Values that cross from one part to another go through memory.
 */
export interface Part {
  readonly statements: readonly Statement[];
  /** Values that an earlier part left in memory. */
  readonly imports: readonly ValueId[];
  /** Values that a later part reads, or accumulators that it goes on with. */
  readonly exports: readonly ValueId[];
}

export interface Partition {
  readonly parts: readonly Part[];
  /** The place in memory of each value that crosses, 0, 1, …. */
  readonly slots: ReadonlyMap<ValueId, number>;
  readonly accumulators: ReadonlySet<ValueId>;
}

/** How many statements one function holds: about 30 kB of code, 15 ms of optimisation. */
const mostStatements = 2500;

/** Cuts a program that is too long for one function; `undefined` where it is not. */
export function partition(program: Program, limit = mostStatements): Partition | undefined {
  if (sizeOf(program.body) <= limit) return undefined;
  const runs = cut(program.body, limit);
  const cheap = recomputed(program.body);
  const accumulators = new Set(program.body.flatMap((each) => (each.kind === "accumulator" ? [each.id] : [])));
  const traffic = runs.map((run) => ({ run, defined: definedIn(run), used: usedIn(run) }));
  const slots = new Map<ValueId, number>();
  const place = (id: ValueId): unknown => slots.has(id) || slots.set(id, slots.size);
  const lastUse = new Map<ValueId, number>();
  traffic.forEach(({ used }, k) => {
    for (const id of used) lastUse.set(id, k);
  });
  const parts = traffic.map(({ run, defined, used }, k) => {
    const foreign = [...used].filter((id) => !defined.has(id));
    const again = foreign.flatMap((id) => cheap.get(id) ?? []);
    const imports = foreign.filter((id) => !cheap.has(id));
    const changed = [...defined, ...imports.filter((id) => accumulators.has(id))];
    const exports = changed.filter((id) => !cheap.has(id) && (lastUse.get(id) ?? k) > k);
    imports.forEach(place);
    exports.forEach(place);
    return { statements: [...again, ...run], imports, exports };
  });
  return { parts, slots, accumulators };
}

/** Values that are cheaper to load again than to keep: constants, inputs. */
function recomputed(body: readonly Statement[]): Map<ValueId, Statement> {
  const cheap = new Map<ValueId, Statement>();
  for (const statement of body) {
    if (statement.kind !== "let" || statement.value.kind === "op" || statement.value.kind === "output") continue;
    cheap.set(statement.id, statement);
  }
  return cheap;
}

function sizeOf(body: readonly Statement[]): number {
  return body.reduce((sum, statement) => sum + (statement.kind === "loop" ? sizeOf(statement.body) : 1), 0);
}

/** Runs of at most `limit` statements, a loop counting as its body. */
function cut(body: readonly Statement[], limit: number): Statement[][] {
  const runs: Statement[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const statement of body) {
    const own = sizeOf([statement]);
    if (size + own > limit) {
      runs.push([]);
      size = 0;
    }
    runs.at(-1)!.push(statement);
    size += own;
  }
  return runs;
}

function definedIn(body: readonly Statement[]): Set<ValueId> {
  return new Set(
    body.flatMap((statement) => {
      if (statement.kind === "let" || statement.kind === "accumulator") return [statement.id];
      if (statement.kind === "network") return networkResults(statement).filter((id) => id !== undefined);
      return statement.kind === "sincos" ? [statement.sin, statement.cos] : [];
    }),
  );
}

/** The values that statements read or change, those of loops within included. */
function usedIn(body: readonly Statement[], used = new Set<ValueId>()): Set<ValueId> {
  for (const statement of body) {
    if (statement.kind === "loop") usedIn(statement.body, used);
    else for (const id of usedBy(statement)) used.add(id);
    if (statement.kind === "accumulate") used.add(statement.id);
  }
  return used;
}
