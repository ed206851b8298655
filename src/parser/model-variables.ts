import type { Expr } from "../expr/expr.ts";
import type { Variable } from "../model.ts";
import type { Context } from "./context.ts";
import { type Draft, declaredShape } from "./draft.ts";
import { messages } from "./messages.ts";
import type { ModelEnvironment } from "./model-environment.ts";
import type { Readings } from "./prepare.ts";
import { scan } from "./scan.ts";
import { emptyScope } from "./scope.ts";
import { Kind } from "./tokens.ts";
import { Node } from "./tree.ts";

/** A model whose statements have been told apart, and what lowers their expressions. */
export interface Drafted {
  readonly context: Context;
  readonly draft: Draft;
  readonly environment: ModelEnvironment;
  readonly readings: Readings;
}

/** The coordinates and momenta of a model: their shapes, their rings and boundaries. */
export class ModelVariables {
  readonly #context: Context;
  readonly #draft: Draft;
  readonly #environment: ModelEnvironment;
  readonly #shapes = new Map<number, readonly number[]>();

  constructor({ context, draft, environment }: Drafted) {
    this.#context = context;
    this.#draft = draft;
    this.#environment = environment;
  }

  id(name: string): number {
    return this.#context.scanned.names.intern(name);
  }

  /** Lengths, `[]` for a number; undefined where they are not known. */
  shape(name: number): readonly number[] | undefined {
    return this.#shapes.get(name);
  }

  setShape(name: number, shape: readonly number[]): void {
    this.#shapes.set(name, shape);
  }

  /** Takes the shapes of the statements that give one. */
  readShapes(): void {
    for (const variable of this.#draft.variables.values()) {
      this.setShape(variable.name, declaredShape(this.#context, variable));
    }
  }

  /** The first place of a name in the text. */
  placeOf(name: string): [start: number, end: number] {
    const { tokens, names } = scan(this.#context.scanned.source);
    const id = names.find(name);
    for (let at = 0; at < tokens.length; at++) {
      if (tokens.kind(at) === Kind.Name && tokens.value(at) === id) return [tokens.start(at), tokens.end(at)];
    }
    return [0, 1];
  }

  /** Makes a name a coordinate or a momentum from now on. */
  declare(name: number): void {
    const shape = this.shape(name) ?? [];
    if (shape.length === 0) {
      this.#environment.declareVariable(name);
      return;
    }
    const symbol = { name: this.#context.spelling(name), shape };
    this.#environment.declareArray(name, { symbol, ring: this.#isRing(name), boundary: this.#boundary(name) });
  }

  variable(name: string): Variable {
    const id = this.id(name);
    const unit = this.#draft.variables.get(id)?.unit;
    const shape = this.shape(id) ?? [];
    const boundary = shape.length > 0 ? this.#boundary(id)() : undefined;
    return { name, shape, ...(unit !== undefined && { unit }), ring: this.#isRing(id), ...(boundary && { boundary }) };
  }

  #isRing(name: number): boolean {
    const { tree } = this.#context;
    return this.#draft.rings.some((node) => tree.kind(node) === Node.Name && tree.value(node) === name);
  }

  /** Lowered when it is first asked for, as it may use parameters and definitions. */
  #boundary(name: number): () => Expr | undefined {
    const { tree } = this.#context;
    const side = this.#draft.sides.find(
      ({ keyword, target }) => keyword === "boundary" && tree.kind(target) === Node.Name && tree.value(target) === name,
    );
    let value: Expr | undefined;
    let isBegun = false;
    return () => {
      if (!side || value) return value;
      if (isBegun) this.#context.fail(messages.circular(this.#context.spelling(name)), side.value);
      isBegun = true;
      value = this.#context.real(side.value, emptyScope);
      return value;
    };
  }

  /** `ring` and `boundary` are about arrays. */
  checkEdges(): void {
    const { tree } = this.#context;
    const { rings, sides } = this.#draft;
    const boundaries = sides.filter(({ keyword }) => keyword === "boundary").map(({ target }) => target);
    for (const node of rings) this.#expectArray("ring", node);
    for (const node of boundaries) this.#expectArray("boundary", node);
    for (const node of rings) {
      if (boundaries.some((other) => tree.value(other) === tree.value(node))) {
        this.#context.fail(messages.ringAndBoundary(this.#context.text(node)), node);
      }
    }
  }

  #expectArray(keyword: "ring" | "boundary", node: number): void {
    const { tree } = this.#context;
    const shape = tree.kind(node) === Node.Name ? this.shape(tree.value(node)) : undefined;
    if (shape && shape.length > 0) return;
    this.#context.fail(messages.sideOfArray(keyword, this.#context.text(node)), node);
  }
}
