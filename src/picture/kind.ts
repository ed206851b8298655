import type { Panel } from "./panel.ts";
import type { Subject } from "./subject.ts";

/** What is asked of a kind; each kind reads what it understands. */
export interface Wish {
  /** A column for the horizontal axis: a coordinate, a momentum, `t`, `H`. */
  readonly x?: string | undefined;
  /** A column for the vertical axis; `time` takes several. */
  readonly y?: readonly string[] | undefined;
  /** For `poincare`: the formula whose zeros are the section, such as `x` or `x - 1/2`. */
  readonly section?: string | undefined;
  /** For `poincare`: which sign changes count; `up` is from − to +. Default `up`. */
  readonly direction?: "up" | "down" | "both" | undefined;
}

/** A kind of picture: one object, one file, one line in the registry `kinds.ts`. */
export interface PictureKind {
  readonly name: string;
  /** One line for the help. */
  readonly description: string;
  /** The wishes that mean something to it. */
  readonly wishes: readonly (keyof Wish)[];
  /**
   * Computes what there is to see, without a size. Panels stand one above the other.
   *
   * @throws HnncError where the data lack what this kind shows
   */
  panels(subject: Subject, wish: Wish): Promise<readonly Panel[]>;
}
