import { arrayLengths } from "./array-lengths.ts";
import type { Context } from "./context.ts";
import type { Draft } from "./draft.ts";
import { messages } from "./messages.ts";
import { hintFor, refuseMissing } from "./missing.ts";
import type { ModelEnvironment } from "./model-environment.ts";
import type { Drafted, ModelVariables } from "./model-variables.ts";
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
import { emptyScope } from "./scope.ts";
import type { Survey } from "./survey.ts";

/** Pairs the coordinates and momenta of a model: those of `pairs (q, p)`, then those that their names tell. */
export class ModelPairs {
  readonly #context: Context;
  readonly #draft: Draft;
  readonly #environment: ModelEnvironment;
  readonly #applied: ReadonlySet<number>;
  readonly #variables: ModelVariables;

  constructor({ context, draft, environment, readings }: Drafted, variables: ModelVariables) {
    this.#context = context;
    this.#draft = draft;
    this.#environment = environment;
    this.#applied = readings.applied;
    this.#variables = variables;
  }

  #candidates(survey: Survey): Candidate[] {
    const found = new Map<string, Candidate>();
    for (const { name } of this.#draft.variables.values()) {
      const spelling = this.#context.spelling(name);
      found.set(spelling, { name: spelling, shape: this.#variables.shape(name)!, declared: true });
    }
    const lengths = arrayLengths(survey, (name) => this.#context.spelling(name));
    for (const [name, shape] of lengths) {
      if (this.#variables.shape(name) !== undefined) continue;
      if (shape.reduce((a, b) => a * b, 1) > 1e7) {
        this.#context.fail(messages.badLength(shape.join(" × ")), survey.arrays.get(name)!.node);
      }
      this.#variables.setShape(name, shape);
      found.set(this.#context.spelling(name), { name: this.#context.spelling(name), shape, declared: false });
    }
    for (const name of survey.free.keys()) {
      const spelling = this.#context.spelling(name);
      if (found.has(spelling) || spelling === "t" || spelling === "pi" || spelling === "e") continue;
      const element = /^(.*\D)_?\d+$/.exec(spelling)?.[1];
      if (element !== undefined && found.get(element.replace(/_$/, ""))?.shape.length) continue;
      found.set(spelling, { name: spelling, shape: [], declared: false });
    }
    return [...found.values()];
  }

  pair(survey: Survey): Pair[] {
    const candidates = this.#candidates(survey);
    const explicit = this.#draft.pairs.map(([q, p]) => ({
      coordinate: this.#context.spelling(q),
      momentum: this.#context.spelling(p),
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
    const names = [...this.#draft.variables.values()].map(({ name }) => this.#context.spelling(name));
    const order = new Map(names.map((name, k) => [name, k]));
    const last = Number.POSITIVE_INFINITY;
    const place = ({ coordinate, momentum }: Pair) => {
      return Math.min(order.get(coordinate) ?? last, order.get(momentum) ?? last);
    };
    return [...pairs].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
  }

  #checkExplicit(pairs: readonly Pair[], candidates: readonly Candidate[]): void {
    const seen = new Set<string>();
    for (const name of pairs.flatMap((pair) => [pair.coordinate, pair.momentum])) {
      const isOther =
        this.#draft.parameters.has(this.#variables.id(name)) || this.#draft.definitions.has(this.#variables.id(name));
      if (seen.has(name) || isOther) this.#context.failAt(messages.duplicate(name), ...this.#variables.placeOf(name));
      seen.add(name);
    }
    const shapes = new Map(candidates.map(({ name, shape }) => [name, shape]));
    for (const { coordinate, momentum } of pairs) {
      const [q, p] = [shapes.get(coordinate), shapes.get(momentum)];
      for (const name of [coordinate, momentum]) {
        if (!shapes.has(name)) this.#variables.setShape(this.#variables.id(name), q ?? p ?? []);
      }
      if (q && p && q.join() !== p.join()) {
        this.#context.failAt(messages.pairShapes(coordinate, q, momentum, p), ...this.#variables.placeOf(momentum));
      }
    }
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
      const known = [...declared.map((name) => this.#context.spelling(name)), ...customary];
      const hint = rest.map((name) => hintFor(name, known)).find((found) => found !== undefined);
      this.#context.failAt(
        messages.unpaired(lone.name, isMomentum, rest, lone.shape, hint),
        ...this.#variables.placeOf(lone.name),
      );
    }
    const names = left.map(({ name }) => name);
    const first = [...survey.free.values()][0] ?? this.#draft.hamiltonian;
    this.#context.fail(messages.noPairs(names), first);
  }

  /**
   * Lowers with every name taken for a coordinate, before a missing partner is reported: other errors are nearer to the
   * cause.
   */
  #refuseWorse(left: readonly Candidate[], pairs: readonly Pair[]): void {
    const names = new Set(left.map(({ name }) => this.#variables.id(name)));
    for (const name of [
      ...names,
      ...pairs.flatMap((pair) => [this.#variables.id(pair.coordinate), this.#variables.id(pair.momentum)]),
    ]) {
      this.#variables.declare(name);
    }
    const { missing } = this.#environment;
    this.#context.real(this.#draft.hamiltonian, emptyScope);
    if ([...missing.keys()].some((name) => this.#context.spelling(name) === "e")) {
      refuseMissing(this.#context, missing, pairs, this.#draft, this.#applied);
    }
  }
}
