import type { TokenType } from "chevrotain";
import { Kind } from "./tokens.ts";

/** A place in a rule where the next token decides how to go on. */
export interface Decision {
  /** The number that chevrotain gives the place within its rule: the method, then the digit behind its name. */
  readonly key: number;
  /** The tokens with which each alternative begins; an option or a repetition has one. */
  readonly alternatives: readonly (readonly Kind[])[];
}

const or =
  (digit = 0) =>
  (...alternatives: readonly (readonly Kind[])[]): Decision => ({ key: (1 << 8) | digit, alternatives });
const option = (begin: readonly Kind[], digit = 0): Decision => ({ key: (2 << 8) | digit, alternatives: [begin] });
const many = (begin: readonly Kind[], digit = 0): Decision => ({ key: (3 << 8) | digit, alternatives: [begin] });
const atLeastOne = (begin: readonly Kind[]): Decision => ({ key: 4 << 8, alternatives: [begin] });

const atoms = [[Kind.Number], [Kind.Vulgar], [Kind.Name], [Kind.Function], [Kind.Root]];
const brackets = [[Kind.Paren], [Kind.List], [Kind.Bars]];
const signs = [[Kind.Plus], [Kind.Minus]];
const factors = [[Kind.Beside], [Kind.Times], [Kind.Divide], [Kind.Dot], [Kind.Cross]];
const comparisons = [[Kind.Compare], [Kind.Range]];
const operand = [...atoms, ...signs, [Kind.Not], ...brackets].flat();
const statement = [...operand, Kind.Pairs, Kind.Side, Kind.Ring];
const list = [many([Kind.Comma])];

/**
 * What chevrotain finds out about the grammar when it analyses it, rule by rule. Built in, since the analysis takes some
 * 10 ms in a fresh process, more than everything else that is done to a formula; a test compares it with the analysis.
 */
export const decisions: Readonly<Record<string, readonly Decision[]>> = {
  model: [many([Kind.Separator, ...statement]), or()([Kind.Separator], statement)],
  statement: [or()([Kind.Pairs], [Kind.Side], [Kind.Ring], operand)],
  pairs: list,
  side: list,
  ring: list,
  items: list,
  item: [
    or()([Kind.Colon], [Kind.Equals]),
    or(2)([Kind.Question], operand),
    option([Kind.Colon, Kind.Equals]),
    option([Kind.Unit], 2),
    option([Kind.Learn], 3),
    option([Kind.In], 4),
  ],
  args: [option(operand), ...list],
  arg: [option([Kind.Equals])],
  expr: [option([Kind.Question])],
  disjunction: [many([Kind.Or])],
  conjunction: [many([Kind.And])],
  negation: [option([Kind.Not])],
  comparison: [many(comparisons.flat()), or()(...comparisons)],
  sum: [many(signs.flat()), or()(...signs)],
  product: [many(factors.flat()), or()(...factors)],
  signed: [many(signs.flat()), or()(...signs)],
  power: [many([Kind.Power]), many(signs.flat(), 2), or()(...signs)],
  postfix: [many([Kind.Index, Kind.Superscript]), or()([Kind.Index], [Kind.Superscript])],
  atom: [or()(...atoms, ...brackets), option([Kind.Unit]), option([Kind.Unit], 2), option([Kind.Unit], 3)],
  application: [
    many([Kind.Prime]),
    option([Kind.Index]),
    option([Kind.Power, Kind.Superscript], 2),
    or()([Kind.Power], [Kind.Superscript]),
  ],
  root: [atLeastOne([Kind.Root])],
};

/** What a parser of chevrotain's shows of itself to its lookahead functions. */
interface Looking {
  LA_FAST(distance: 1): { readonly tokenTypeIdx: number };
}

/** Answers the number of an alternative; for an option or a repetition, whether it is taken. */
export type Lookahead = (this: Looking) => number | boolean | undefined;

/** The parts of a chevrotain parser that its analysis fills. */
interface Analysed {
  selfAnalysisDone: boolean;
  readonly fullRuleNameToShort: Readonly<Record<string, number>>;
  readonly lookAheadFuncsCache: Lookahead[][];
}

/** Gives a parser the decisions in place of the analysis; false where this chevrotain is built otherwise. */
export function decide(parser: object, types: readonly TokenType[]): boolean {
  const { selfAnalysisDone, fullRuleNameToShort, lookAheadFuncsCache } = parser as Partial<Analysed>;
  if (selfAnalysisDone !== false || !fullRuleNameToShort || !Array.isArray(lookAheadFuncsCache)) return false;
  for (const [rule, places] of Object.entries(decisions)) {
    const functions: Lookahead[] = [];
    for (const { key, alternatives } of places) functions[key] = lookahead(key >> 8 === 1, alternatives, types);
    lookAheadFuncsCache[fullRuleNameToShort[rule]!] = functions;
  }
  (parser as Analysed).selfAnalysisDone = true;
  return true;
}

function lookahead(isChoice: boolean, alternatives: Decision["alternatives"], types: readonly TokenType[]): Lookahead {
  const taken: (number | undefined)[] = [];
  for (let k = 0; k < alternatives.length; k++)
    for (const kind of alternatives[k]!) taken[types[kind]!.tokenTypeIdx!] = k;
  if (isChoice) {
    return function (this: Looking) {
      return taken[this.LA_FAST(1).tokenTypeIdx];
    };
  }
  return function (this: Looking) {
    return taken[this.LA_FAST(1).tokenTypeIdx] === 0;
  };
}
