/** What a token is. The names are those of the grammar's terminals. */
export const Kind = {
  End: 0,
  Newline: 1,
  Separator: 2,
  Number: 3,
  Vulgar: 4,
  Name: 5,
  /** A name that is called. */
  Function: 6,
  Prime: 7,
  Superscript: 8,
  Root: 9,
  OpenParen: 10,
  CloseParen: 11,
  OpenBracket: 12,
  CloseBracket: 13,
  OpenBrace: 14,
  CloseBrace: 15,
  Bar: 16,
  OpenBar: 17,
  CloseBar: 18,
  Plus: 19,
  Minus: 20,
  Times: 21,
  /** `·`, the dot product between vectors. */
  Dot: 22,
  /** `×`, the cross product between vectors. */
  Cross: 23,
  Divide: 24,
  Power: 25,
  Equals: 26,
  Comma: 27,
  Colon: 28,
  Question: 29,
  Compare: 30,
  Range: 31,
  And: 32,
  Or: 33,
  Not: 34,
  /** Juxtaposition. */
  Beside: 35,
  Learn: 36,
  In: 37,
  /** A LaTeX command that is not a letter. */
  Command: 38,
  /** Something that cannot stand in a formula (but may in a unit). */
  Bad: 39,
  /** A whole unit, in brackets or after a literal. */
  Unit: 40,
  /** A parenthesis, collapsed. */
  Paren: 41,
  /** A bracket that is a list of its own. */
  List: 42,
  /** A bracket behind what it indexes. */
  Index: 43,
  Bars: 44,
  Pairs: 45,
  /** `damping`, `force`, `boundary` or `invariant` at the head of such a statement. */
  Side: 46,
  Ring: 47,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export const compareSigns = ["<", "<=", ">", ">=", "==", "!="] as const;
export type CompareSign = (typeof compareSigns)[number];

/** The tokens of a text, as flat arrays: a million of them take 13 MB. */
export class Tokens {
  length = 0;
  kinds: Uint8Array<ArrayBuffer>;
  starts: Int32Array<ArrayBuffer>;
  ends: Int32Array<ArrayBuffer>;
  /** Number of the name, place of the number, sign of the comparison …, by kind. */
  values: Int32Array<ArrayBuffer>;

  /** Room that is not used costs no memory: the system hands out pages when they are written. */
  constructor(capacity = 64) {
    this.kinds = new Uint8Array(capacity);
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
    this.values = new Int32Array(capacity);
  }

  push(kind: Kind, start: number, end: number, value = 0): void {
    if (this.length === this.kinds.length) this.#grow();
    const at = this.length;
    this.kinds[at] = kind;
    this.starts[at] = start;
    this.ends[at] = end;
    this.values[at] = value;
    this.length = at + 1;
  }

  kind(at: number): Kind {
    return at >= 0 && at < this.length ? (this.kinds[at] as Kind) : Kind.End;
  }

  start(at: number): number {
    return this.starts[at]!;
  }

  end(at: number): number {
    return this.ends[at]!;
  }

  value(at: number): number {
    return this.values[at]!;
  }

  /** Whether no blank stands between a token and the one before it. */
  glued(at: number): boolean {
    return at > 0 && this.ends[at - 1] === this.starts[at];
  }

  copy(from: Tokens, at: number): void {
    this.push(from.kind(at), from.start(at), from.end(at), from.value(at));
  }

  #grow(): void {
    const capacity = this.kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.kinds);
    this.kinds = kinds;
    this.starts = widen(this.starts, capacity);
    this.ends = widen(this.ends, capacity);
    this.values = widen(this.values, capacity);
  }
}

function widen(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(capacity);
  wide.set(array);
  return wide;
}

/** Whether an operand ends with such a token: an operator, or juxtaposition, is then due. */
export function endsOperand(kind: Kind): boolean {
  switch (kind) {
    case Kind.Number:
    case Kind.Vulgar:
    case Kind.Name:
    case Kind.Superscript:
    case Kind.CloseParen:
    case Kind.CloseBracket:
    case Kind.CloseBrace:
    case Kind.CloseBar:
    case Kind.Prime:
    case Kind.Unit:
      return true;
    default:
      return false;
  }
}
