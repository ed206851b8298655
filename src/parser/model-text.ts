import type { Expr } from "../expr/expr.ts";
import type { Model, Parameter, Variable } from "../model.ts";
import { type Draft, declaredShape, draftModel } from "./draft.ts";
import type { Statement } from "./grammar.ts";
import { Lowering } from "./lower.ts";
import { type Message, messages } from "./messages.ts";
import { hintFor, refuseMissing } from "./missing.ts";
import { ModelEnvironment } from "./model-environment.ts";
import {
  type Candidate,
  compareNames,
  customary,
  inferPairs,
  likelyPair,
  looksLikeCoordinate,
  looksLikeMomentum,
  type Pair,
} from "./pairing.ts";
import type { Readings } from "./prepare.ts";
import { type Scanned, scan } from "./scan.ts";
import { emptyScope } from "./scope.ts";
import { lowerAssignment } from "./sides.ts";
import { pushChildren } from "./subscript.ts";
import { Survey } from "./survey.ts";
import { Kind } from "./tokens.ts";
import { Node, type Tree } from "./tree.ts";

/** Reads the statements of a model: what each declares, how coordinates and momenta pair, and the expressions. */
export function readModel(scanned: Scanned, prepared: Readings, tree: Tree, statements: readonly Statement[]): Model {
  const environment = new ModelEnvironment(scanned, tree);
  const lowering = new Lowering(scanned, tree, prepared.units, environment);
  const draft = draftModel(lowering, prepared.units, statements);
  environment.connect(draft, lowering);
  return new ModelReader(scanned, prepared, draft, environment, lowering).read();
}

class ModelReader {
  readonly #scanned: Scanned;
  readonly #read: Readings;
  readonly #draft: Draft;
  readonly #environment: ModelEnvironment;
  readonly #lowering: Lowering;
  readonly #shapes = new Map<number, readonly number[]>();

  constructor(scanned: Scanned, prepared: Readings, draft: Draft, environment: ModelEnvironment, lowering: Lowering) {
    this.#scanned = scanned;
    this.#read = prepared;
    this.#draft = draft;
    this.#environment = environment;
    this.#lowering = lowering;
  }

  read(): Model {
    const survey = this.#survey();
    const pairs = this.#pair(survey);
    const state = pairs.flatMap(({ coordinate, momentum }) => [coordinate, momentum]);
    for (const name of state) this.#declareVariable(this.#id(name));
    const side = { coordinates: pairs.map((p) => p.coordinate), momenta: pairs.map((p) => p.momentum) };
    const lowered = this.#refusing(pairs, () => this.#lower(new Set(side.momenta.map((name) => this.#id(name)))));
    const initial = this.#initial(new Set(state));
    return {
      source: this.#scanned.source,
      ...lowered,
      coordinates: side.coordinates.map((name) => this.#variable(name)),
      momenta: side.momenta.map((name) => this.#variable(name)),
      parameters: this.#parameters(),
      timeDependent: this.#environment.usesTime,
      unknownFunctions: this.#unknownFunctions(),
      initial,
      inUnits: this.#read.inUnits,
      readings: [...this.#pairReading(pairs), ...this.#readings()],
      warnings: [...this.#lowering.warnings, ...this.#unused()],
    };
  }

  #id(name: string): number {
    return this.#scanned.names.intern(name);
  }

  #spelling(name: number): string {
    return this.#scanned.names.spelling(name);
  }

  #fail(message: Message, node: number): never {
    return this.#lowering.fail(message, node);
  }

  // ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #survey(): Survey {
    const draft = this.#draft;
    const survey = new Survey(this.#lowering, (name) => draft.parameters.has(name) || draft.definitions.has(name));
    for (const variable of draft.variables.values()) {
      this.#shapes.set(variable.name, declaredShape(this.#lowering, variable));
    }
    survey.expression(draft.hamiltonian);
    for (const node of draft.definitions.values()) survey.expression(node);
    for (const { params, body } of draft.functions.values()) survey.expression(body, params);
    for (const { keyword, value, target } of draft.sides) {
      if (keyword !== "boundary") survey.expression(value, this.#indicesOf(target));
    }
    survey.settle();
    for (const [name, node] of survey.ofTime) {
      const spelling = this.#spelling(name);
      if (looksLikeMomentum(spelling) || looksLikeCoordinate(spelling)) this.#fail(messages.ofTime(spelling), node);
    }
    return survey;
  }

  /** The names that index the target of a side statement. */
  #indicesOf(target: number): number[] {
    const { tree } = this.#lowering;
    if (tree.kind(target) === Node.Index) {
      return tree
        .children(target)
        .slice(1)
        .filter((node) => tree.kind(node) === Node.Name)
        .map((node) => tree.value(node));
    }
    const suffix =
      tree.kind(target) === Node.Name ? /_([a-zA-Z])$/.exec(this.#spelling(tree.value(target)))?.[1] : undefined;
    return suffix === undefined ? [] : [this.#scanned.names.intern(suffix)];
  }

  #candidates(survey: Survey): Candidate[] {
    const found = new Map<string, Candidate>();
    for (const { name } of this.#draft.variables.values()) {
      const spelling = this.#spelling(name);
      found.set(spelling, { name: spelling, shape: this.#shapes.get(name)!, declared: true });
    }
    const lengths = arrayLengths(survey, (name) => this.#spelling(name));
    for (const [name, shape] of lengths) {
      if (this.#shapes.has(name)) continue;
      this.#shapes.set(name, shape);
      found.set(this.#spelling(name), { name: this.#spelling(name), shape, declared: false });
    }
    for (const name of survey.free.keys()) {
      const spelling = this.#spelling(name);
      if (found.has(spelling) || spelling === "t" || spelling === "pi" || spelling === "e") continue;
      const element = /^(.*\D)_?\d+$/.exec(spelling)?.[1];
      if (element !== undefined && found.get(element.replace(/_$/, ""))?.shape.length) continue;
      found.set(spelling, { name: spelling, shape: [], declared: false });
    }
    return [...found.values()];
  }

  #pair(survey: Survey): Pair[] {
    const candidates = this.#candidates(survey);
    const explicit = this.#draft.pairs.map(([q, p]) => ({
      coordinate: this.#spelling(q),
      momentum: this.#spelling(p),
    }));
    const taken = new Set(explicit.flatMap((pair) => [pair.coordinate, pair.momentum]));
    this.#checkExplicit(explicit, candidates);
    const free = candidates.filter(({ name }) => !taken.has(name));
    const inferred = inferPairs(free.sort((a, b) => compareNames(a.name, b.name)));
    const pairs = [...explicit, ...this.#declaredFirst(inferred.pairs)];
    this.#refuseUnpaired(inferred.left, pairs, survey);
    return pairs;
  }

  #declaredFirst(pairs: readonly Pair[]): Pair[] {
    const order = [...this.#draft.variables.values()].map(({ name }) => this.#spelling(name));
    const place = ({ coordinate, momentum }: Pair) => {
      const places = [order.indexOf(coordinate), order.indexOf(momentum)].filter((k) => k >= 0);
      return places.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...places);
    };
    return [...pairs].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
  }

  #checkExplicit(pairs: readonly Pair[], candidates: readonly Candidate[]): void {
    const seen = new Set<string>();
    for (const name of pairs.flatMap((pair) => [pair.coordinate, pair.momentum])) {
      const isOther = this.#draft.parameters.has(this.#id(name)) || this.#draft.definitions.has(this.#id(name));
      if (seen.has(name) || isOther) this.#lowering.failAt(messages.duplicate(name), ...this.#placeOf(name));
      seen.add(name);
    }
    for (const { coordinate, momentum } of pairs) {
      const shape = (name: string) => candidates.find((other) => other.name === name)?.shape ?? [];
      const [q, p] = [shape(coordinate), shape(momentum)];
      const known = candidates.some((other) => other.name === coordinate);
      const longer = known ? q : p;
      for (const name of [coordinate, momentum]) {
        if (!candidates.some((other) => other.name === name)) this.#shapes.set(this.#id(name), longer);
      }
      const both = known && candidates.some((other) => other.name === momentum);
      if (both && q.join() !== p.join()) {
        this.#lowering.failAt(messages.pairShapes(coordinate, q, momentum, p), ...this.#placeOf(momentum));
      }
    }
  }

  /** The first place of a name in the text. */
  #placeOf(name: string): [number, number] {
    const { tokens, names } = scan(this.#scanned.source);
    const id = names.find(name);
    for (let at = 0; at < tokens.length; at++) {
      if (tokens.kind(at) === Kind.Name && tokens.value(at) === id) return [tokens.start(at), tokens.end(at)];
    }
    return [0, 1];
  }

  /** What is neither paired nor declared: a lone coordinate or momentum; other names are missing, later. */
  #refuseUnpaired(left: readonly Candidate[], pairs: Pair[], survey: Survey): void {
    const likely = pairs.length === 0 ? likelyPair(left) : undefined;
    const others = left.filter(({ name }) => name !== likely?.coordinate && name !== likely?.momentum);
    if (likely && others.every(({ declared, shape }) => !declared && shape.length === 0)) {
      pairs.push(likely);
      return;
    }
    const lone = left.find(({ name, declared, shape }) => {
      return declared || shape.length > 0 || looksLikeMomentum(name) || looksLikeCoordinate(name);
    });
    if (!lone && pairs.length > 0) return;
    this.#refuseWorse(left, pairs);
    if (lone) {
      const isMomentum = looksLikeMomentum(lone.name);
      const rest = left.filter(({ name }) => name !== lone.name).map(({ name }) => name);
      const declared = [...this.#draft.parameters.keys(), ...this.#draft.definitions.keys()];
      const known = [...declared.map((name) => this.#spelling(name)), ...customary];
      const hint = rest.map((name) => hintFor(name, known)).find((found) => found !== undefined);
      this.#lowering.failAt(
        messages.unpaired(lone.name, isMomentum, rest, lone.shape, hint),
        ...this.#placeOf(lone.name),
      );
    }
    const names = left.map(({ name }) => name);
    const first = [...survey.free.values()][0] ?? this.#draft.hamiltonian;
    this.#fail(messages.noPairs(names), first);
  }

  /**
   * Lowers with every name taken for a coordinate, before a missing partner is reported: other errors are nearer to the
   * cause.
   */
  #refuseWorse(left: readonly Candidate[], pairs: readonly Pair[]): void {
    const names = new Set(left.map(({ name }) => this.#id(name)));
    for (const name of [...names, ...pairs.flatMap((pair) => [this.#id(pair.coordinate), this.#id(pair.momentum)])]) {
      this.#declareVariable(name);
    }
    const { missing } = this.#environment;
    this.#lowering.real(this.#draft.hamiltonian, emptyScope);
    if ([...missing.keys()].some((name) => this.#spelling(name) === "e")) {
      refuseMissing(this.#lowering, missing, pairs, this.#draft, this.#read.applied);
    }
  }

  #declareVariable(name: number): void {
    const shape = this.#shapes.get(name) ?? [];
    if (shape.length === 0) {
      this.#environment.declareVariable(name);
      return;
    }
    const symbol = { name: this.#spelling(name), shape };
    this.#environment.declareArray(name, { symbol, ring: this.#isRing(name), boundary: this.#boundary(name) });
  }

  #isRing(name: number): boolean {
    const { tree } = this.#lowering;
    return this.#draft.rings.some((node) => tree.kind(node) === Node.Name && tree.value(node) === name);
  }

  /** Lowered when it is first asked for, as it may use parameters and definitions. */
  #boundary(name: number): () => Expr | undefined {
    const { tree } = this.#lowering;
    const side = this.#draft.sides.find(
      ({ keyword, target }) => keyword === "boundary" && tree.kind(target) === Node.Name && tree.value(target) === name,
    );
    let value: Expr | undefined;
    return () => {
      if (side && !value) value = this.#lowering.real(side.value, emptyScope);
      return value;
    };
  }

  #variable(name: string): Variable {
    const id = this.#id(name);
    const unit = this.#draft.variables.get(id)?.unit;
    const shape = this.#shapes.get(id) ?? [];
    const boundary = shape.length > 0 ? this.#boundary(id)() : undefined;
    return { name, shape, ...(unit !== undefined && { unit }), ring: this.#isRing(id), ...(boundary && { boundary }) };
  }

  // ── expressions ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Runs `lower`; missing names, all together, come before whatever else is wrong. */
  #refusing<T>(pairs: readonly Pair[], lower: () => T): T {
    const refuse = () =>
      refuseMissing(this.#lowering, this.#environment.missing, pairs, this.#draft, this.#read.applied);
    let result: T;
    try {
      result = lower();
    } catch (error) {
      refuse();
      throw error;
    }
    refuse();
    return result;
  }

  #lower(momenta: ReadonlySet<number>): Pick<Model, "hamiltonian" | "damping" | "forces" | "invariants"> {
    const { sides, definitions } = this.#draft;
    this.#checkSideTargets();
    for (const name of orderedDefinitions(this.#lowering, this.#draft)) this.#environment.value(name);
    for (const name of definitions.keys()) this.#environment.used.delete(name);
    const hamiltonian = this.#lowering.real(this.#draft.hamiltonian, emptyScope);
    const of = (word: string) => sides.filter(({ keyword }) => keyword === word);
    const damping = of("damping").map((side) => lowerAssignment(this.#lowering, side, momenta));
    const forces = of("force").map((side) => lowerAssignment(this.#lowering, side, momenta));
    const invariants = of("invariant").map(({ target, value }) => ({
      name: this.#lowering.text(target),
      value: this.#lowering.real(value, emptyScope),
    }));
    return { hamiltonian, damping, forces, invariants };
  }

  /** `ring` and `boundary` are about arrays. */
  #checkSideTargets(): void {
    const { tree } = this.#lowering;
    const boundaries = this.#draft.sides.filter(({ keyword }) => keyword === "boundary").map(({ target }) => target);
    for (const [nodes, word] of [
      [this.#draft.rings, "ring"],
      [boundaries, "boundary"],
    ] as const) {
      for (const node of nodes) {
        const shape = tree.kind(node) === Node.Name ? this.#shapes.get(tree.value(node)) : undefined;
        if (!shape || shape.length === 0) this.#fail(messages.sideOfArray(word, this.#lowering.text(node)), node);
      }
    }
    for (const node of this.#draft.rings) {
      if (boundaries.some((other) => tree.value(other) === tree.value(node))) {
        this.#fail(messages.ringAndBoundary(this.#lowering.text(node)), node);
      }
    }
  }

  #initial(state: ReadonlySet<string>): Map<string, number | readonly number[]> {
    const initial = new Map<string, number | readonly number[]>();
    for (const { target, value } of this.#draft.initial) this.#initialValue(initial, state, target, value);
    for (const [name, values] of initial) {
      if (typeof values !== "number" && values.some(Number.isNaN)) {
        this.#lowering.failAt(messages.partialInitial(name, values.length), ...this.#placeOf(name));
      }
    }
    return initial;
  }

  #initialValue(
    initial: Map<string, number | readonly number[]>,
    state: ReadonlySet<string>,
    target: number,
    node: number,
  ): void {
    const { tree } = this.#lowering;
    const base = tree.kind(target) === Node.Index ? tree.child(target, 0) : target;
    let name = this.#spelling(tree.value(base));
    let element =
      tree.kind(target) === Node.Index ? this.#lowering.scanned.numbers[tree.value(tree.child(target, 1))] : undefined;
    const numbered = /^(.*\D)_?(\d+)$/.exec(name);
    if (!state.has(name) && numbered && state.has(numbered[1]!.replace(/_$/, ""))) {
      name = numbered[1]!.replace(/_$/, "");
      element = Number(numbered[2]);
    }
    if (!state.has(name)) this.#fail(messages.initialOf(name, [...state]), target);
    const shape = this.#shapes.get(this.#id(name)) ?? [];
    const size = shape.reduce((total, length) => total * length, 1);
    const numbers = this.#numbers(node, this.#draft.variables.get(this.#id(name))?.unit);
    if (element !== undefined && shape.length > 0) {
      const values = [...((initial.get(name) as readonly number[] | undefined) ?? new Array(size).fill(Number.NaN))];
      const width = size / shape[0]!;
      if (element < 1 || element > shape[0]! || numbers.length !== width) {
        this.#fail(messages.initialCount(name, width, numbers.length), node);
      }
      numbers.forEach((value, k) => {
        values[(element - 1) * width + k] = value;
      });
      initial.set(name, values);
    } else {
      if (initial.has(name)) this.#fail(messages.duplicate(`${name}(0)`), target);
      if (numbers.length !== size) this.#fail(messages.initialCount(name, size, numbers.length), node);
      initial.set(name, shape.length === 0 ? numbers[0]! : numbers);
    }
  }

  /** A number, or a list of numbers row by row; anything else that folds to numbers will do (`pi/4`). */
  #numbers(node: number, unit: string | undefined): number[] {
    const { tree } = this.#lowering;
    if (tree.kind(node) === Node.Negate) return this.#numbers(tree.child(node, 0), unit).map((value) => -value);
    if (tree.kind(node) === Node.List) return tree.children(node).flatMap((part) => this.#numbers(part, unit));
    if (tree.kind(node) === Node.Quantity) {
      const given = this.#read.units[tree.value(node)];
      if (given !== unit) this.#fail(messages.initialUnit(given ?? "", unit), node);
      return this.#numbers(tree.child(node, 0), unit);
    }
    const value = this.#lowering.real(node, emptyScope);
    const number = constantValue(value);
    return number === undefined ? this.#fail(messages.initialNotNumber(this.#lowering.text(node)), node) : [number];
  }

  // ── what is left ────────────────────────────────────────────────────────────────────────────────────────────────

  #parameters(): Parameter[] {
    const { compileTime, quantities } = this.#environment;
    const declared = [...this.#draft.parameters.values()]
      .filter(({ name, learn }) => !compileTime.has(name) || learn !== undefined)
      .map(({ name, shape, value, unit, learn }) => ({
        name: this.#spelling(name),
        shape,
        value,
        ...(unit !== undefined && { unit }),
        ...(learn && { learn }),
      }));
    return [...declared, ...quantities.map(({ name, value, unit }) => ({ name, shape: [], value, unit }))];
  }

  /** Definitions are lowered before H: what a definition or a function mentions counts as used. */
  #unused(): string[] {
    const { tree } = this.#lowering;
    const { definitions, functions, parameters } = this.#draft;
    const mentioned = new Set([...this.#environment.used, ...this.#environment.compileTime]);
    const stack = [...definitions.values(), ...[...functions.values()].map(({ body }) => body)];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (tree.kind(node) === Node.Name) mentioned.add(tree.value(node));
      pushChildren(this.#lowering, node, stack);
    }
    const names = [...parameters.keys(), ...definitions.keys()].filter((name) => !mentioned.has(name));
    return names.map((name) => messages.unused(this.#spelling(name)));
  }

  #unknownFunctions(): Model["unknownFunctions"] {
    const { networks } = this.#draft;
    const found = [...this.#environment.arities].map(([name, arity]) => {
      const network = networks.get(name);
      return { name: this.#spelling(name), arity, ...(network && { network }) };
    });
    for (const name of networks.keys()) {
      if (!this.#environment.arities.has(name)) this.#lowering.warning(messages.unusedNetwork(this.#spelling(name)));
    }
    return found.sort((a, b) => compareNames(a.name, b.name));
  }

  #pairReading(pairs: readonly Pair[]): string[] {
    return [messages.pairReading(pairs.map(({ coordinate, momentum }) => [coordinate, momentum] as const))];
  }

  #readings(): string[] {
    const { source } = this.#scanned;
    const quantities = this.#read.ambiguous.map(({ start, end, quantity }) =>
      messages.quantityReading(source.slice(start, end), quantity),
    );
    const unknown = [...this.#environment.arities]
      .filter(([name]) => !this.#draft.networks.has(name))
      .map(([name, arity]) => messages.unknownFunctionReading(this.#spelling(name), arity));
    const own = this.#environment.quantities.map(({ name, value, unit }) => messages.quantityName(name, value, unit));
    const constants = [...this.#environment.compileTime].map((name) => messages.constantReading(this.#spelling(name)));
    return [...this.#lowering.readings, ...quantities, ...unknown, ...own, ...constants];
  }
}

/** The value of an expression of constants. */
function constantValue(e: Expr): number | undefined {
  if (e.kind === "const") return e.value;
  if (e.kind !== "apply") return undefined;
  const args = e.args.map(constantValue);
  const [a, b] = args as [number, number];
  if (args.some((arg) => arg === undefined)) return undefined;
  const simple = { neg: -a, add: a + b, sub: a - b, mul: a * b, div: a / b, pow: a ** b, sqrt: Math.sqrt(a) };
  return e.op in simple ? simple[e.op as keyof typeof simple] : undefined;
}

/** How long the arrays are that nothing declares; `q` and `p` (`x` and `px`) agree. */
function arrayLengths(survey: Survey, spelling: (name: number) => string): Map<number, number[]> {
  const longest = (name: number, k: number): number => {
    const entry = survey.arrays.get(name)!;
    let plain = entry.plain[k]!;
    for (const [other, { plain: theirs, rank }] of survey.arrays) {
      if (rank === entry.rank && areKin(spelling(name), spelling(other))) plain = Math.max(plain, theirs[k]!);
    }
    return plain > 0 ? plain : entry.reach[k]!;
  };
  const lengths = new Map<number, number[]>();
  for (const [name, { plain }] of survey.arrays) {
    const shape = plain.map((_, k) => longest(name, k));
    if (shape.every((length) => length > 0)) lengths.set(name, shape);
  }
  return lengths;
}

/** Whether one name is the momentum of the other. */
function areKin(a: string, b: string): boolean {
  const partner = (p: string, q: string) =>
    p === `p${q}` || p === `p_${q}` || (p.startsWith("p") && `q${p.slice(1)}` === q);
  return a === "p" || b === "p" || partner(a, b) || partner(b, a);
}

/** Definitions in an order in which each uses earlier ones only. */
function orderedDefinitions(context: Lowering, draft: Draft): number[] {
  const order: number[] = [];
  const state = new Map<number, "open" | "done">();
  for (const root of draft.definitions.keys()) {
    const stack = [root];
    while (stack.length > 0) {
      const name = stack[stack.length - 1]!;
      if (state.get(name) === "done") stack.pop();
      else if (state.get(name) === "open") {
        state.set(name, "done");
        order.push(name);
        stack.pop();
      } else {
        state.set(name, "open");
        for (const other of namesIn(context, draft, draft.definitions.get(name)!)) {
          if (state.get(other) === "open") {
            context.fail(messages.circular(context.spelling(other)), draft.definitions.get(other)!);
          }
          if (state.get(other) === undefined) stack.push(other);
        }
      }
    }
  }
  return order;
}

/** The definitions that an expression mentions, through functions of the text too. */
function namesIn(context: Lowering, draft: Draft, root: number): Set<number> {
  const { tree } = context;
  const found = new Set<number>();
  const bodies = new Set<number>();
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (tree.kind(node) === Node.Name && draft.definitions.has(tree.value(node))) found.add(tree.value(node));
    const called = tree.kind(node) === Node.Call ? draft.functions.get(tree.value(node)) : undefined;
    if (called && !bodies.has(called.body)) {
      bodies.add(called.body);
      stack.push(called.body);
    }
    pushChildren(context, node, stack);
  }
  return found;
}
