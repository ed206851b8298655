/** A published formula as it is printed in code form, with its variables and where they are sampled. */
export interface PublishedFormula {
  /** The number of the equation at its source. */
  readonly id: string;
  readonly text: string;
  /** `[low, high]` of each variable. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
}

/** A row of a table of formulas: number, text, then `name low high` for each variable, separated by commas. */
export type Row = readonly [id: string, text: string, variables: string];

export function published(rows: readonly Row[]): readonly PublishedFormula[] {
  return rows.map(([id, text, variables]) => ({
    id,
    text,
    ranges: Object.fromEntries(variables.split(", ").map(range)),
  }));
}

function range(text: string): [string, readonly [number, number]] {
  const [name, low, high] = text.split(" ") as [string, string, string];
  return [name, [Number(low), Number(high)]];
}
