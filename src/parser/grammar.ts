import { createToken, EmbeddedActionsParser, type IToken, Lexer, type TokenType } from "chevrotain";
import { decide } from "./lookahead.ts";
import { Kind } from "./tokens.ts";
import { Node, Tree } from "./tree.ts";

const types: TokenType[] = [];
for (const [name, kind] of Object.entries(Kind)) types[kind] = createToken({ name, pattern: Lexer.NA });

/** One token object a kind: the parser only looks at the kind, so a million tokens need no million objects. */
const shared: readonly IToken[] = types.map((tokenType) => ({
  image: "",
  startOffset: 0,
  tokenTypeIdx: tokenType.tokenTypeIdx!,
  tokenType,
}));

/** Source of the tokens that a rule consumes. */
export interface TokenSource {
  start(token: number): number;
  end(token: number): number;
  value(token: number): number;
  /** The node of a collapsed bracket. */
  node(token: number): number;
}

/** A statement, as the grammar sees it. */
export type Statement =
  | { readonly kind: "pairs"; readonly pairs: readonly number[] }
  | { readonly kind: "side"; readonly keyword: number; readonly parts: readonly (readonly [number, number])[] }
  | { readonly kind: "ring"; readonly targets: readonly number[] }
  | { readonly kind: "items"; readonly items: readonly Item[] };

export interface Item {
  readonly start: number;
  readonly end: number;
  /** What stands before `=` or `:`, or all there is. */
  readonly left: number;
  /** The list behind `:`. */
  readonly shape: number | undefined;
  /** What stands behind `=`; `"?"` for a value that the caller gives. */
  readonly right: number | "?" | undefined;
  /** The unit behind all that. */
  readonly unit: number | undefined;
  readonly learn: { readonly bounds: number | undefined } | undefined;
}

/**
 * The grammar, in chevrotain, with a lookahead of one token. Brackets reach it collapsed, innermost first, which keeps
 * its recursion shallow; its actions write the flat syntax tree.
 */
class Grammar extends EmbeddedActionsParser {
  tree = new Tree();
  #source: TokenSource = { start: () => 0, end: () => 0, value: () => 0, node: () => 0 };
  #places: ArrayLike<number> = [];
  /** Number of tokens consumed. */
  cursor = 0;

  /** @param analysed whether chevrotain is to analyse its rules, which it needs to describe errors */
  constructor(analysed: boolean) {
    super(types, { maxLookahead: 1, recoveryEnabled: false, skipValidations: true });
    if (analysed || !decide(this, types)) this.performSelfAnalysis();
  }

  prepare(tree: Tree, source: TokenSource, tokens: IToken[], places: ArrayLike<number>): void {
    this.tree = tree;
    this.#source = source;
    this.#places = places;
    this.cursor = 0;
    this.input = tokens;
  }

  /** The place of the token just consumed. */
  #taken(): number {
    return this.#places[this.cursor++] ?? 0;
  }

  #leaf(kind: Node): number {
    const token = this.#taken();
    const { start, end, value } = this.#source;
    return this.tree.add(kind, start(token), end(token), value(token));
  }

  #collapsed(): number {
    return this.#source.node(this.#taken());
  }

  /** A chain of operands with something between: itself if there is one operand only. */
  #chain(kind: Node, parts: number[], value = 0): number {
    if (parts.length === 1) return parts[0]!;
    const { tree } = this;
    return tree.addList(kind, tree.start(parts[0]!), tree.end(parts[parts.length - 1]!), value, parts);
  }

  readonly model = this.RULE("model", (): Statement[] => {
    const statements: Statement[] = [];
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(types[Kind.Separator]!);
            this.#taken();
          },
        },
        { ALT: () => statements.push(this.SUBRULE(this.statement)) },
      ]);
    });
    return statements;
  });

  readonly statement = this.RULE(
    "statement",
    (): Statement =>
      this.OR([
        { ALT: () => this.SUBRULE(this.pairs) },
        { ALT: () => this.SUBRULE(this.side) },
        { ALT: () => this.SUBRULE(this.ring) },
        { ALT: () => this.SUBRULE(this.items) },
      ]),
  );

  readonly pairs = this.RULE("pairs", (): Statement => {
    const pairs: number[] = [];
    this.CONSUME(types[Kind.Pairs]!);
    this.#taken();
    this.CONSUME(types[Kind.Paren]!);
    pairs.push(this.#collapsed());
    this.MANY(() => {
      this.SUBRULE(this.comma);
      this.CONSUME2(types[Kind.Paren]!);
      pairs.push(this.#collapsed());
    });
    return { kind: "pairs", pairs };
  });

  readonly side = this.RULE("side", (): Statement => {
    const parts: [number, number][] = [];
    this.CONSUME(types[Kind.Side]!);
    const keyword = this.#source.value(this.#taken());
    const part = (): void => {
      const target = this.SUBRULE(this.postfix);
      this.CONSUME(types[Kind.Equals]!);
      this.#taken();
      parts.push([target, this.SUBRULE(this.expr)]);
    };
    part();
    this.MANY(() => {
      this.SUBRULE(this.comma);
      const target = this.SUBRULE2(this.postfix);
      this.CONSUME2(types[Kind.Equals]!);
      this.#taken();
      parts.push([target, this.SUBRULE2(this.expr)]);
    });
    return { kind: "side", keyword, parts };
  });

  readonly ring = this.RULE("ring", (): Statement => {
    const targets: number[] = [];
    this.CONSUME(types[Kind.Ring]!);
    this.#taken();
    targets.push(this.SUBRULE(this.postfix));
    this.MANY(() => {
      this.SUBRULE(this.comma);
      targets.push(this.SUBRULE2(this.postfix));
    });
    return { kind: "ring", targets };
  });

  readonly items = this.RULE("items", (): Statement => {
    const items: Item[] = [this.SUBRULE(this.item)];
    this.MANY(() => {
      this.SUBRULE(this.comma);
      items.push(this.SUBRULE2(this.item));
    });
    return { kind: "items", items };
  });

  readonly item = this.RULE("item", (): Item => {
    const first = this.#places[this.cursor] ?? 0;
    const left = this.SUBRULE(this.expr);
    let shape: number | undefined;
    let right: number | "?" | undefined;
    let unit: number | undefined;
    let learn: { bounds: number | undefined } | undefined;
    this.OPTION(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(types[Kind.Colon]!);
            this.#taken();
            this.CONSUME(types[Kind.List]!);
            shape = this.#collapsed();
          },
        },
        {
          ALT: () => {
            this.CONSUME(types[Kind.Equals]!);
            this.#taken();
            this.OR2([
              {
                ALT: () => {
                  this.CONSUME(types[Kind.Question]!);
                  this.#taken();
                  right = "?";
                },
              },
              {
                ALT: () => {
                  right = this.SUBRULE2(this.expr);
                },
              },
            ]);
          },
        },
      ]);
    });
    this.OPTION2(() => {
      this.CONSUME(types[Kind.Unit]!);
      unit = this.#source.value(this.#taken());
    });
    this.OPTION3(() => {
      this.CONSUME(types[Kind.Learn]!);
      this.#taken();
      learn = { bounds: undefined };
      this.OPTION4(() => {
        this.CONSUME(types[Kind.In]!);
        this.#taken();
        this.CONSUME2(types[Kind.List]!);
        learn = { bounds: this.#collapsed() };
      });
    });
    const last = this.#places[this.cursor - 1] ?? 0;
    return { start: this.#source.start(first), end: this.#source.end(last), left, shape, right, unit, learn };
  });

  readonly comma = this.RULE("comma", (): void => {
    this.CONSUME(types[Kind.Comma]!);
    this.#taken();
  });

  /** What stands in a bracket. */
  readonly args = this.RULE("args", (): number[] => {
    const args: number[] = [];
    this.OPTION(() => {
      args.push(this.SUBRULE(this.arg));
      this.MANY(() => {
        this.SUBRULE(this.comma);
        args.push(this.SUBRULE2(this.arg));
      });
    });
    return args;
  });

  readonly arg = this.RULE("arg", (): number => {
    const parts = [this.SUBRULE(this.expr)];
    this.OPTION(() => {
      this.CONSUME(types[Kind.Equals]!);
      this.#taken();
      parts.push(this.SUBRULE2(this.expr));
    });
    return this.#chain(Node.Equation, parts);
  });

  readonly expr = this.RULE("expr", (): number => {
    const parts = [this.SUBRULE(this.disjunction)];
    this.OPTION(() => {
      this.CONSUME(types[Kind.Question]!);
      this.#taken();
      parts.push(this.SUBRULE(this.expr));
      this.CONSUME(types[Kind.Colon]!);
      this.#taken();
      parts.push(this.SUBRULE2(this.expr));
    });
    return this.#chain(Node.Choose, parts);
  });

  readonly disjunction = this.RULE("disjunction", (): number => {
    const parts = [this.SUBRULE(this.conjunction)];
    this.MANY(() => {
      this.CONSUME(types[Kind.Or]!);
      this.#taken();
      parts.push(this.SUBRULE2(this.conjunction));
    });
    return this.#chain(Node.Or, parts);
  });

  readonly conjunction = this.RULE("conjunction", (): number => {
    const parts = [this.SUBRULE(this.negation)];
    this.MANY(() => {
      this.CONSUME(types[Kind.And]!);
      this.#taken();
      parts.push(this.SUBRULE2(this.negation));
    });
    return this.#chain(Node.And, parts);
  });

  readonly negation = this.RULE("negation", (): number => {
    let start = -1;
    this.OPTION(() => {
      this.CONSUME(types[Kind.Not]!);
      start = this.#source.start(this.#taken());
    });
    const inner = this.SUBRULE(this.comparison);
    return start < 0 ? inner : this.tree.add(Node.Not, start, this.tree.end(inner), 0, inner);
  });

  readonly comparison = this.RULE("comparison", (): number => {
    const parts = [this.SUBRULE(this.sum)];
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(types[Kind.Compare]!);
            parts.push(this.#source.value(this.#taken()));
          },
        },
        {
          ALT: () => {
            this.CONSUME(types[Kind.Range]!);
            this.#taken();
            parts.push(-1);
          },
        },
      ]);
      parts.push(this.SUBRULE2(this.sum));
    });
    return this.#chain(Node.Compare, parts);
  });

  readonly sum = this.RULE("sum", (): number => {
    const parts = [this.SUBRULE(this.product)];
    this.MANY(() => {
      parts.push(this.OR(this.#operators([Kind.Plus, Kind.Minus])));
      parts.push(this.SUBRULE2(this.product));
    });
    return this.#chain(Node.Sum, parts);
  });

  readonly product = this.RULE("product", (): number => {
    const parts = [this.SUBRULE(this.signed)];
    this.MANY(() => {
      parts.push(this.OR(this.#operators([Kind.Beside, Kind.Times, Kind.Divide, Kind.Dot, Kind.Cross])));
      parts.push(this.SUBRULE2(this.signed));
    });
    return this.#chain(Node.Product, parts);
  });

  /** Alternatives that consume one operator and answer its kind. Made once a set: they stand in the hottest rules. */
  #operators(kinds: readonly Kind[]): { ALT: () => number }[] {
    const key = kinds[0]!;
    let alternatives = this.#alternatives.get(key);
    if (!alternatives) {
      alternatives = kinds.map((kind) => ({
        ALT: () => {
          this.CONSUME(types[kind]!);
          this.#taken();
          return kind;
        },
      }));
      this.#alternatives.set(key, alternatives);
    }
    return alternatives;
  }
  readonly #alternatives = new Map<Kind, { ALT: () => number }[]>();

  readonly signed = this.RULE("signed", (): number => {
    let start = -1;
    let minus = 0;
    this.MANY(() => {
      const kind = this.OR(this.#operators([Kind.Plus, Kind.Minus]));
      const token = this.#places[this.cursor - 1] ?? 0;
      if (start < 0) start = this.#source.start(token);
      if (kind === Kind.Minus) minus += 1;
    });
    const inner = this.SUBRULE(this.power);
    if (minus % 2 === 0) return inner;
    return this.tree.add(Node.Negate, start, this.tree.end(inner), minus, inner);
  });

  readonly power = this.RULE("power", (): number => {
    const parts = [this.SUBRULE(this.postfix)];
    this.MANY(() => {
      this.CONSUME(types[Kind.Power]!);
      this.#taken();
      let minus = 0;
      this.MANY2(() => {
        if (this.OR(this.#operators([Kind.Plus, Kind.Minus])) === Kind.Minus) minus += 1;
      });
      parts.push(minus, this.SUBRULE2(this.postfix));
    });
    return this.#chain(Node.Power, parts);
  });

  readonly postfix = this.RULE("postfix", (): number => {
    let base = this.SUBRULE(this.atom);
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(types[Kind.Index]!);
            const list = this.#collapsed();
            const { tree } = this;
            base = tree.addList(Node.Index, tree.start(base), tree.end(list), 0, [base, ...tree.children(list)]);
          },
        },
        {
          ALT: () => {
            this.CONSUME(types[Kind.Superscript]!);
            const token = this.#taken();
            const { end, value } = this.#source;
            base = this.tree.add(Node.Raise, this.tree.start(base), end(token), value(token), base);
          },
        },
      ]);
    });
    return base;
  });

  readonly atom = this.RULE("atom", (): number =>
    this.OR([
      {
        ALT: () => {
          this.CONSUME(types[Kind.Number]!);
          return this.#withUnit(this.#leaf(Node.Number), 1);
        },
      },
      {
        ALT: () => {
          this.CONSUME(types[Kind.Vulgar]!);
          return this.#withUnit(this.#leaf(Node.Number), 2);
        },
      },
      {
        ALT: () => {
          this.CONSUME(types[Kind.Name]!);
          return this.#leaf(Node.Name);
        },
      },
      { ALT: () => this.SUBRULE(this.application) },
      { ALT: () => this.SUBRULE(this.root) },
      {
        ALT: () => {
          this.CONSUME(types[Kind.Paren]!);
          return this.#collapsed();
        },
      },
      {
        ALT: () => {
          this.CONSUME(types[Kind.List]!);
          return this.#withUnit(this.#collapsed(), 3);
        },
      },
      {
        ALT: () => {
          this.CONSUME(types[Kind.Bars]!);
          return this.#collapsed();
        },
      },
    ]),
  );

  /** The unit in brackets behind a number. */
  #withUnit(number: number, occurrence: 1 | 2 | 3): number {
    let unit = -1;
    const option = { DEF: () => this.#unit(occurrence, (token) => (unit = token)) };
    if (occurrence === 1) this.OPTION(option);
    else if (occurrence === 2) this.OPTION2(option);
    else this.OPTION3(option);
    if (unit < 0) return number;
    const { end, value } = this.#source;
    return this.tree.add(Node.Quantity, this.tree.start(number), end(unit), value(unit), number);
  }

  #unit(occurrence: 1 | 2 | 3, found: (token: number) => void): void {
    if (occurrence === 1) this.CONSUME(types[Kind.Unit]!);
    else if (occurrence === 2) this.CONSUME2(types[Kind.Unit]!);
    else this.CONSUME3(types[Kind.Unit]!);
    found(this.#taken());
  }

  /** `f(x)`, `V''(u)`, `V'[1,2](u, v)`, `sin^2(x)`. */
  readonly application = this.RULE("application", (): number => {
    let primes = 0;
    let orders = -1;
    let power = -1;
    this.CONSUME(types[Kind.Function]!);
    const name = this.#taken();
    this.MANY(() => {
      this.CONSUME(types[Kind.Prime]!);
      this.#taken();
      primes += 1;
    });
    this.OPTION(() => {
      this.CONSUME(types[Kind.Index]!);
      orders = this.#collapsed();
    });
    this.OPTION2(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(types[Kind.Power]!);
            this.#taken();
            this.CONSUME(types[Kind.Number]!);
            power = this.#source.value(this.#taken());
          },
        },
        {
          ALT: () => {
            this.CONSUME(types[Kind.Superscript]!);
            power = this.#source.value(this.#taken());
          },
        },
      ]);
    });
    this.CONSUME(types[Kind.Paren]!);
    const args = this.#collapsed();
    const { start, value } = this.#source;
    return this.tree.add(Node.Call, start(name), this.tree.end(args), value(name), args, primes, orders, power);
  });

  readonly root = this.RULE("root", (): number => {
    let start = -1;
    let count = 0;
    this.AT_LEAST_ONE(() => {
      this.CONSUME(types[Kind.Root]!);
      const token = this.#taken();
      if (start < 0) start = this.#source.start(token);
      count += 1;
    });
    const inner = this.SUBRULE(this.postfix);
    return this.tree.add(Node.Root, start, this.tree.end(inner), count, inner);
  });
}

let grammar: Grammar | undefined;
let analysed: Grammar | undefined;

/** The parser, built when it is first needed. What it throws at a wrong text says nothing but that it is wrong. */
export function theGrammar(): Grammar {
  grammar ??= new Grammar(false);
  return grammar;
}

/** The parser that stops at what is wrong in a text, built when that is asked (10 ms). */
export function theAnalysedGrammar(): Grammar {
  analysed ??= new Grammar(true);
  return analysed;
}

export type { Grammar };

/** The token that stands for a kind. */
export function sharedToken(kind: Kind): IToken {
  return shared[kind]!;
}
