import { expect, test } from "vitest";
import { theAnalysedGrammar } from "../../src/parser/grammar.ts";
import { decide, decisions, type Lookahead } from "../../src/parser/lookahead.ts";
import { Kind } from "../../src/parser/tokens.ts";

/** What chevrotain's own analysis has left in a parser. */
const analysed = theAnalysedGrammar() as unknown as {
  readonly shortRuleNameToFull: readonly string[];
  readonly lookAheadFuncsCache: readonly (readonly Lookahead[] | undefined)[];
  readonly tokensMap: Readonly<Record<string, { readonly tokenTypeIdx: number }>>;
};

/** For each place of each rule: the tokens that lead somewhere, and where. */
function found(): Record<string, Record<number, Record<string, number>>> {
  const rules: Record<string, Record<number, Record<string, number>>> = {};
  analysed.lookAheadFuncsCache.forEach((functions, rule) => {
    const places: Record<number, Record<string, number>> = {};
    functions?.forEach((lookahead, key) => {
      places[key] = {};
      for (const [name, token] of Object.entries(analysed.tokensMap)) {
        const answer = lookahead.call({ LA_FAST: () => token });
        if (answer !== undefined && answer !== false) places[key][name] = Number(answer === true ? 0 : answer);
      }
    });
    if (functions) rules[analysed.shortRuleNameToFull[rule]!] = places;
  });
  return rules;
}

const nameOf = new Map(Object.entries(Kind).map(([name, kind]) => [kind, name]));

test("the built-in decisions are those that chevrotain finds", () => {
  const built = Object.entries(decisions).map(([rule, places]) => [
    rule,
    Object.fromEntries(
      places.map(({ key, alternatives }) => [
        key,
        Object.fromEntries(alternatives.flatMap((kinds, k) => kinds.map((kind) => [nameOf.get(kind), k]))),
      ]),
    ),
  ]);
  const expected = found();
  expect(Object.keys(expected).length).toBeGreaterThan(20);
  expect(Object.fromEntries(built)).toEqual(expected);
});

test("a parser that is built otherwise is left to its own analysis", () => {
  expect(decide({ selfAnalysisDone: false, lookAheadFuncsCache: new Map() }, [])).toBe(false);
  expect(decide({ selfAnalysisDone: true, lookAheadFuncsCache: [], fullRuleNameToShort: {} }, [])).toBe(false);
});
