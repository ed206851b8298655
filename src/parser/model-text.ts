import type { Model, Parameter } from "../model.ts";
import { orderedDefinitions } from "./definition-order.ts";
import { type Draft, draftModel } from "./draft.ts";
import type { Statement } from "./grammar.ts";
import { readInitial } from "./initial-values.ts";
import { Lowering } from "./lower.ts";
import { messages } from "./messages.ts";
import { refuseMissing } from "./missing.ts";
import { ModelEnvironment } from "./model-environment.ts";
import { ModelPairs } from "./model-pairs.ts";
import { surveyModel } from "./model-survey.ts";
import { type Drafted, ModelVariables } from "./model-variables.ts";
import { compareNames, type Pair } from "./pairing.ts";
import type { Readings } from "./prepare.ts";
import type { Scanned } from "./scan.ts";
import { emptyScope } from "./scope.ts";
import { lowerAssignment } from "./sides.ts";
import { splitProduct } from "./spelling.ts";
import { pushChildren } from "./subscript.ts";
import { Node, type Tree } from "./tree.ts";

/** Reads the statements of a model: what each declares, how coordinates and momenta pair, and the expressions. */
export function readModel(scanned: Scanned, readings: Readings, tree: Tree, statements: readonly Statement[]): Model {
  const environment = new ModelEnvironment(scanned, tree);
  const context = new Lowering(scanned, tree, readings.units, environment);
  const draft = draftModel(context, readings.units, statements);
  environment.connect(draft, context);
  return new ModelReader({ context, draft, environment, readings }, context).read();
}

class ModelReader {
  readonly #drafted: Drafted;
  readonly #draft: Draft;
  readonly #environment: ModelEnvironment;
  readonly #lowering: Lowering;
  readonly #variables: ModelVariables;

  constructor(drafted: Drafted, lowering: Lowering) {
    this.#drafted = drafted;
    this.#draft = drafted.draft;
    this.#environment = drafted.environment;
    this.#lowering = lowering;
    this.#variables = new ModelVariables(drafted);
  }

  read(): Model {
    const variables = this.#variables;
    variables.readShapes();
    const pairs = new ModelPairs(this.#drafted, variables).pair(surveyModel(this.#drafted));
    const state = pairs.flatMap(({ coordinate, momentum }) => [coordinate, momentum]);
    for (const name of state) variables.declare(variables.id(name));
    const momenta = new Set(pairs.map(({ momentum }) => variables.id(momentum)));
    const lowered = this.#refusing(pairs, () => this.#lower(momenta));
    const initial = readInitial(this.#drafted, variables, new Set(state));
    return {
      source: this.#lowering.scanned.source,
      ...lowered,
      coordinates: pairs.map(({ coordinate }) => variables.variable(coordinate)),
      momenta: pairs.map(({ momentum }) => variables.variable(momentum)),
      parameters: this.#parameters(),
      timeDependent: this.#environment.usesTime,
      unknownFunctions: this.#unknownFunctions(),
      initial,
      inUnits: this.#drafted.readings.inUnits,
      readings: [pairReading(pairs), ...this.#readings()],
      warnings: [...this.#lowering.warnings, ...this.#unused()],
    };
  }

  #spelling(name: number): string {
    return this.#lowering.spelling(name);
  }

  // ── expressions ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Runs `lower`; missing names, all together, come before whatever else is wrong. */
  #refusing<T>(pairs: readonly Pair[], lower: () => T): T {
    const { applied } = this.#drafted.readings;
    const refuse = () => refuseMissing(this.#lowering, this.#environment.missing, pairs, this.#draft, applied);
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
    this.#variables.checkEdges();
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

  #readings(): string[] {
    const { source } = this.#lowering.scanned;
    const quantities = this.#drafted.readings.ambiguous.map(({ start, end, quantity }) =>
      messages.quantityReading(source.slice(start, end), quantity),
    );
    const named = [...this.#draft.parameters.keys(), ...this.#draft.definitions.keys()];
    const known = new Set(["pi", "t", ...named.map((name) => this.#spelling(name))]);
    const unknown = [...this.#environment.arities]
      .filter(([name]) => !this.#draft.networks.has(name))
      .map(([name, arity]) => {
        const product = splitProduct(this.#spelling(name), known)?.join("*");
        return messages.unknownFunctionReading(this.#spelling(name), arity, product);
      });
    const own = this.#environment.quantities.map(({ name, value, unit }) => messages.quantityName(name, value, unit));
    const constants = [...this.#environment.compileTime].map((name) => messages.constantReading(this.#spelling(name)));
    return [...this.#lowering.readings, ...quantities, ...unknown, ...own, ...constants];
  }
}

function pairReading(pairs: readonly Pair[]): string {
  return messages.pairReading(pairs.map(({ coordinate, momentum }) => [coordinate, momentum] as const));
}
