import { affine, affineIndex, freshIndex } from "../../src/expr/affine.ts";
import {
  add,
  apply,
  constant,
  cos,
  div,
  equal,
  exp,
  indexValue,
  less,
  log,
  mul,
  pow,
  select,
  sin,
  sqrt,
  sub,
  symbol,
} from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import type { Model } from "../../src/model.ts";
import { modelOf, over, shifted, vector } from "./formulas.ts";

/** Models that together use every way in which a formula becomes arrays: one a structure. */

const [q, p, r, s, t] = ["q", "p", "r", "s", "t"].map(symbol) as [Expr, Expr, Expr, Expr, Expr];
const half = constant(0.5);
const squared = (e: Expr): Expr => pow(e, constant(2));
const kinetic = (n: number, P = vector("p", n)): Expr =>
  mul(
    half,
    over("sum", { lo: 1, hi: n }, (i) => squared(P([i]))),
  );
const one = { q: ["p", []], r: ["s", []] } as const;
const arrays = (n: number) => ({ q: ["p", [n]] }) as const;
const Q = (n: number) => vector("q", n);

/** Σ_{i<j} 1/√(1 + (q_i − q_j)²) with kinetic energy. */
export function pairSum(n: number): Model {
  const pairs = over("sum", { lo: 1, hi: n }, (i) =>
    over("sum", { lo: shifted(i, 1), hi: n }, (j) =>
      div(constant(1), sqrt(add(constant(1), squared(sub(Q(n)([i]), Q(n)([j])))))),
    ),
  );
  return modelOf(add(kinetic(n), pairs), arrays(n));
}

/** Gravity: rows of bodies, three components, masses, softened. */
export function bodies(n: number): Model {
  const [position, momentum, mass] = [vector("q", n, 3), vector("p", n, 3), vector("m", n)];
  const motion = over("sum", { lo: 1, hi: n }, (i) =>
    div(
      over("sum", { lo: 1, hi: 3 }, (k) => squared(momentum([i, k]))),
      mul(constant(2), mass([i])),
    ),
  );
  const attraction = over("sum", { lo: 1, hi: n }, (i) =>
    over("sum", { lo: shifted(i, 1), hi: n }, (j) => {
      const distance = over("sum", { lo: 1, hi: 3 }, (k) => squared(sub(position([i, k]), position([j, k]))));
      return div(mul(mass([i]), mass([j])), sqrt(add(distance, constant(0.1))));
    }),
  );
  const masses = Array.from({ length: n }, (_, i) => 1 + 0.1 * i);
  return modelOf(sub(motion, mul(symbol("G"), attraction)), { q: ["p", [n, 3]] }, { G: 0.7, m: masses });
}

const chain = (edge: "ring" | "clamp", n = 5): Model => {
  const spring = over("sum", { lo: 1, hi: n }, (i) => {
    const next = Q(n)([shifted(i, 1)], edge);
    const value = edge === "ring" ? next : select(less(indexValue(i), constant(n)), next, constant(0.3));
    return pow(sub(value, Q(n)([i])), constant(4));
  });
  return modelOf(add(kinetic(n), spring), arrays(n));
};

const n4 = Q(4);

const withBranches = (): Model => {
  const left = less(q, r);
  const choice = select(left, sin(mul(q, r)), add(squared(q), apply("max", [r, mul(q, s)])));
  const both = apply("and", [apply("lessEqual", [p, q]), apply("not", [equal(r, s)])]);
  return modelOf(add(choice, select(apply("or", [both, left]), exp(p), mul(p, s))), one);
};

const withPorts = (): Model => {
  const index = freshIndex("i");
  const i = affineIndex(index);
  const binder = { index, lo: affine(1), hi: affine(4), except: [] };
  const other = freshIndex("i");
  const some = { index: other, lo: affine(2), hi: affine(4), except: [affine(3)] };
  const energy = add(
    kinetic(4),
    over("sum", { lo: 1, hi: 4 }, (k) => cos(n4([k]))),
  );
  return modelOf(
    energy,
    arrays(4),
    { k: 0.3, F: 1.5 },
    {
      timeDependent: true,
      damping: [
        { target: "p", at: [i], over: [binder], value: mul(symbol("k"), add(indexValue(i), squared(n4([i])))) },
      ],
      forces: [
        {
          target: "p",
          at: [affineIndex(other)],
          over: [some],
          value: mul(symbol("F"), sin(mul(t, n4([affineIndex(other)])))),
        },
        { target: "p", at: [affine(1)], over: [], value: cos(t) },
      ],
    },
  );
};

const unaryModel = (op: Parameters<typeof apply>[0], argument: Expr = q): Model =>
  modelOf(add(apply(op, [argument]), mul(half, squared(p))), { q: ["p", []] });

export const exampleModels: Readonly<Record<string, () => Model>> = {
  pendulum: () => modelOf(sub(mul(half, squared(p)), cos(q)), { q: ["p", []] }),
  "free particle": () => modelOf(div(squared(p), mul(constant(2), symbol("m"))), { q: ["p", []] }, { m: 3 }),
  "double pendulum": () => {
    const c = cos(sub(q, r));
    const top = sub(add(squared(p), mul(constant(2), squared(s))), mul(constant(2), mul(mul(p, s), c)));
    const kinetics = div(top, mul(constant(2), add(constant(1), squared(sin(sub(q, r))))));
    return modelOf(sub(sub(kinetics, mul(constant(2), mul(symbol("g"), cos(q)))), mul(symbol("g"), cos(r))), one, {
      g: 9.81,
    });
  },
  "time and powers": () =>
    modelOf(
      add(
        mul(sin(t), pow(q, constant(5))),
        add(pow(add(constant(2), squared(p)), constant(-1.5)), pow(add(constant(2), q), symbol("a"))),
      ),
      { q: ["p", []] },
      { a: 1.3 },
      { timeDependent: true },
    ),
  "branches and conditions": withBranches,
  "undefined branch": () =>
    modelOf(add(select(less(constant(0), q), sqrt(q), squared(q)), mul(half, squared(p))), { q: ["p", []] }),
  "ring of springs": () => chain("ring"),
  "boundary of springs": () => chain("clamp"),
  "open chain": () =>
    modelOf(
      add(
        kinetic(6),
        over("sum", { lo: 1, hi: 5 }, (i) => exp(sub(Q(6)([i]), Q(6)([shifted(i, 1)])))),
      ),
      arrays(6),
    ),
  "pair sum": () => pairSum(5),
  "pair sum without itself": () =>
    modelOf(
      add(
        kinetic(4),
        over("sum", { lo: 1, hi: 4 }, (i) =>
          over("sum", { lo: 1, hi: 4, except: [i] }, (j) =>
            log(add(constant(2), sin(sub(n4([i]), mul(constant(2), n4([j])))))),
          ),
        ),
      ),
      arrays(4),
    ),
  "full double sum": () =>
    modelOf(
      add(
        kinetic(3),
        over("sum", { lo: 1, hi: 3 }, (i) =>
          over("sum", { lo: 1, hi: 3 }, (j) => mul(sin(Q(3)([i])), exp(mul(Q(3)([j]), vector("p", 3)([i]))))),
        ),
      ),
      arrays(3),
    ),
  bodies: () => bodies(4),
  "vectors written out": () => {
    const [position, momentum] = [vector("q", 3, 3), vector("p", 3, 3)];
    const components = [1, 2, 3] as const;
    const norm = (term: (k: number) => Expr): Expr => components.map((k) => squared(term(k))).reduce(add);
    const motion = over("sum", { lo: 1, hi: 3 }, (i) =>
      div(
        norm((k) => momentum([i, k])),
        indexValue(i),
      ),
    );
    const pull = over("sum", { lo: 1, hi: 3 }, (i) =>
      over("sum", { lo: shifted(i, 1), hi: 3 }, (j) =>
        div(
          constant(1),
          sqrt(
            add(
              norm((k) => sub(position([i, k]), position([j, k]))),
              constant(0.2),
            ),
          ),
        ),
      ),
    );
    const spin = sub(mul(position([1, 1]), momentum([1, 2])), mul(position([1, 2]), momentum([1, 1])));
    const row = over("sum", { lo: 1, hi: 3 }, (i) => sin(position([i, 1])));
    const column = over("sum", { lo: 1, hi: 3 }, (i) => sin(position([i, 2])));
    return modelOf(add(sub(motion, pull), mul(spin, add(row, column))), { q: ["p", [3, 3]] });
  },
  "sum under a function, equal rows": () =>
    modelOf(
      add(
        kinetic(4),
        over("sum", { lo: 1, hi: 4 }, (i) =>
          sqrt(over("sum", { lo: 1, hi: 4, except: [i] }, (j) => squared(sub(n4([i]), mul(n4([j]), n4([i])))))),
        ),
      ),
      arrays(4),
    ),
  "sum under a function, ragged rows": () =>
    modelOf(
      add(
        kinetic(4),
        over("sum", { lo: 1, hi: 4 }, (i) =>
          mul(
            indexValue(i),
            exp(
              mul(
                half,
                over("sum", { lo: shifted(i, 1), hi: 4 }, (j) => mul(n4([i]), sin(n4([j])))),
              ),
            ),
          ),
        ),
      ),
      arrays(4),
    ),
  "mean field": () => {
    const mean = div(
      over("sum", { lo: 1, hi: 5 }, (i) => cos(Q(5)([i]))),
      constant(5),
    );
    return modelOf(
      add(
        kinetic(5),
        over("sum", { lo: 1, hi: 5 }, (i) => squared(sub(sin(Q(5)([i])), mean))),
      ),
      arrays(5),
    );
  },
  "index weights and strides": () =>
    modelOf(
      add(
        kinetic(6),
        over("sum", { lo: 1, hi: 3 }, (i) => {
          const even = affine(
            0,
            i.terms.map(({ index, factor }) => ({ index, factor: 2 * factor })),
          );
          const back = affine(
            7,
            i.terms.map(({ index, factor }) => ({ index, factor: -factor })),
          );
          return mul(mul(indexValue(i), Q(6)([even])), sin(Q(6)([back])));
        }),
      ),
      arrays(6),
    ),
  product: () =>
    modelOf(
      add(
        kinetic(5),
        over("prod", { lo: 1, hi: 5 }, (i) => Q(5)([i])),
      ),
      arrays(5),
    ),
  "ragged product": () =>
    modelOf(
      add(
        kinetic(4),
        over("sum", { lo: 1, hi: 4 }, (i) =>
          over("prod", { lo: shifted(i, 1), hi: 4 }, (j) => add(constant(1.5), sin(sub(n4([i]), n4([j]))))),
        ),
      ),
      arrays(4),
    ),
  "product without itself": () =>
    modelOf(
      add(
        kinetic(4),
        over("sum", { lo: 1, hi: 4 }, (i) => over("prod", { lo: 1, hi: 4, except: [i] }, (j) => add(half, n4([j])))),
      ),
      arrays(4),
    ),
  "three indices": () =>
    modelOf(
      add(
        kinetic(5),
        over("sum", { lo: 1, hi: 5 }, (i) =>
          over("sum", { lo: shifted(i, 1), hi: 5 }, (j) =>
            over("sum", { lo: shifted(i, 1), hi: 5, except: [j] }, (k) =>
              mul(cos(sub(Q(5)([i]), Q(5)([k]))), add(Q(5)([j]), indexValue(k))),
            ),
          ),
        ),
      ),
      arrays(5),
    ),
  "lattice of two dimensions": () => {
    const field = vector("q", 3, 4);
    const links = over("sum", { lo: 1, hi: 3 }, (i) =>
      over("sum", { lo: 1, hi: 4 }, (k) =>
        add(
          squared(sub(field([shifted(i, 1), k], "ring"), field([i, k]))),
          pow(sub(field([i, shifted(k, 1)], "ring"), field([i, k])), constant(4)),
        ),
      ),
    );
    const motion = over("sum", { lo: 1, hi: 3 }, (i) =>
      over("sum", { lo: 1, hi: 4 }, (k) => squared(vector("p", 3, 4)([i, k]))),
    );
    return modelOf(add(motion, links), { q: ["p", [3, 4]] });
  },
  "matrix with its transpose and diagonal": () => {
    const field = vector("q", 3, 3);
    const mixed = over("sum", { lo: 1, hi: 3 }, (i) =>
      add(
        squared(field([i, i])),
        over("sum", { lo: 1, hi: 3 }, (k) => mul(field([i, k]), sin(field([k, i])))),
      ),
    );
    return modelOf(add(mixed, squared(vector("p", 3, 3)([2, 3]))), { q: ["p", [3, 3]] });
  },
  "array parameter": () =>
    modelOf(
      add(
        kinetic(4),
        over("sum", { lo: 1, hi: 4 }, (i) =>
          mul(vector("k", 4)([i]), cos(mul(vector("k", 4)([shifted(i, 1)], "ring"), n4([i])))),
        ),
      ),
      arrays(4),
      { k: [0.3, 0.7, 1.1, 0.2] },
    ),
  "damping and forces": withPorts,
  "scalar damping and force": () =>
    modelOf(
      sub(mul(half, squared(p)), cos(q)),
      { q: ["p", []] },
      { k: 0.2 },
      {
        timeDependent: true,
        damping: [{ target: "p", at: [], over: [], value: mul(symbol("k"), squared(q)) }],
        forces: [{ target: "p", at: [], over: [], value: mul(symbol("k"), cos(t)) }],
      },
    ),
  ...Object.fromEntries(
    (
      [
        "abs",
        "sign",
        "exp",
        "expm1",
        "log",
        "log1p",
        "log2",
        "log10",
        "sqrt",
        "cbrt",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "asinh",
        "atanh",
        "erf",
        "sigmoid",
        "softplus",
      ] as const
    ).map((op) => [op, () => unaryModel(op)]),
  ),
  acosh: () => unaryModel("acosh", add(constant(1.5), q)),
  ...Object.fromEntries(
    (["atan2", "hypot", "min", "max", "pow"] as const).map((op) => [
      op,
      () => modelOf(add(apply(op, [add(constant(0.3), q), r]), mul(p, s)), one),
    ]),
  ),
};
