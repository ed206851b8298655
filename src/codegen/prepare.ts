import { rationalOf } from "../expr/coefficient.ts";
import { meanings } from "../expr/evaluate.ts";
import { type Apply, children, type Expr, makeApply, makeCall, makeConst, makeReduce } from "../expr/expr.ts";
import { type Op, ops } from "../expr/ops.ts";

/** Beyond this a whole power costs more as multiplications than as one call, and loses more than it saves. */
const longestChain = 64;

/** Two ids below this make one exact key. */
const largestId = 2 ** 26;

/**
 * Rewrites expressions into what a kernel computes: whole and half-integer powers become multiplications and square
 * roots, constants are computed, and `b·a` shares with `a·b`. One instance serves all outputs of a program.
 */
export class Preparation {
  readonly #done = new Map<Expr, Expr>();
  readonly #sums = new Map<number | string, Expr>();
  readonly #products = new Map<number | string, Expr>();

  prepare(root: Expr): Expr {
    const stack: Expr[] = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!;
      if (this.#done.has(node)) {
        stack.pop();
        continue;
      }
      const height = stack.length;
      const parts = children(node);
      for (let k = parts.length - 1; k >= 0; k--) if (!this.#done.has(parts[k]!)) stack.push(parts[k]!);
      if (stack.length > height) continue;
      this.#done.set(node, this.#prepared(node));
      stack.pop();
    }
    return this.#done.get(root)!;
  }

  #prepared(node: Expr): Expr {
    switch (node.kind) {
      case "apply":
        return this.#apply(node);
      case "call":
        return makeCall(
          node.name,
          node.args.map((arg) => this.#done.get(arg)!),
          node.orders,
        );
      case "reduce":
        return makeReduce(node.op, node.index, node.lo, node.hi, node.except, this.#done.get(node.body)!);
      default:
        return node;
    }
  }

  #apply(node: Apply): Expr {
    const { op } = node;
    const args: Expr[] = [];
    let same = true;
    let known = false;
    for (const given of node.args) {
      const arg = this.#done.get(given)!;
      if (arg !== given) same = false;
      if (arg.kind === "const") known = true;
      args.push(arg);
    }
    const value = known ? folded(op, args) : undefined;
    if (value) return value;
    if (op === "pow") return this.#power(args[0]!, args[1]!);
    return this.#shared(op, args, same ? node : undefined);
  }

  #power(base: Expr, exponent: Expr): Expr {
    const n = rationalOf(exponent);
    if (n === undefined || Math.abs(n) > longestChain || !Number.isInteger(2 * n)) {
      return makeApply("pow", [base, exponent]);
    }
    // An exponent that has only now become a number may be 0.
    if (n === 0) return makeConst(1);
    const size = Math.abs(n);
    const whole = size >= 1 ? this.#chain(base, Math.floor(size)) : undefined;
    const half = Number.isInteger(size) ? undefined : makeApply("sqrt", [base]);
    const power = whole && half ? this.#shared("mul", [whole, half]) : (whole ?? half!);
    return n < 0 ? makeApply("div", [makeConst(1), power]) : power;
  }

  /** x^n by squaring; x² and x⁴ are shared with other powers of x. */
  #chain(base: Expr, n: number): Expr {
    if (n === 1) return base;
    const half = this.#chain(base, Math.floor(n / 2));
    const square = this.#shared("mul", [half, half]);
    return n % 2 === 0 ? square : this.#shared("mul", [square, base]);
  }

  /** The node itself, or the one with swapped arguments that came before it. */
  #shared(op: Op, args: readonly Expr[], made: Expr = makeApply(op, args)): Expr {
    const [a, b] = args as [Expr, Expr];
    if ((op !== "add" && op !== "mul") || a === b || a.kind === "const") return made;
    const places = op === "add" ? this.#sums : this.#products;
    const key = unorderedKey(a.id, b.id);
    const known = places.get(key);
    if (known) return known;
    places.set(key, made);
    return made;
  }
}

/** The same for (a, b) and (b, a); a number where that is exact. */
function unorderedKey(a: number, b: number): number | string {
  const [low, high] = a < b ? [a, b] : [b, a];
  return high < largestId ? low * largestId + high : `${low},${high}`;
}

/** The value of an operation on constants; division by a power of two becomes the exact product. */
function folded(op: Op, args: readonly Expr[]): Expr | undefined {
  const [a, b, c] = args.map((arg) => (arg.kind === "const" ? arg.value : undefined));
  if (op === "div" && a === undefined && b !== undefined && isPowerOfTwo(b)) {
    return makeApply("mul", [makeConst(1 / b), args[0]!]);
  }
  if (ops[op].result === "bool" || ops[op].args[0] === "bool") return undefined;
  if (a === undefined || (args.length > 1 && b === undefined)) return undefined;
  const value = meanings[op](a, b ?? 0, c ?? 0);
  return Number.isFinite(value) ? makeConst(value) : undefined;
}

function isPowerOfTwo(value: number): boolean {
  // log2 rounds, so that it is whole beside a power of two too.
  const exponent = Math.round(Math.log2(Math.abs(value)));
  return Math.abs(exponent) < 1000 && 2 ** exponent === Math.abs(value);
}
