import type { Compiled } from "../compile.ts";
import type { Dataset } from "../data/dataset.ts";
import { editDistance } from "../edit-distance.ts";
import { HnncError } from "../errors.ts";
import type { PictureKind, Wish } from "./kind.ts";
import { type KindChoice, type PictureKindName, pictureKindNames, pictureKinds, usualKind } from "./kinds.ts";
import type { Panel } from "./panel.ts";
import { type Subject, subjectOf } from "./subject.ts";

/** What to draw of a dataset; the size is another matter. */
export interface PanelOptions extends Wish {
  /** Default `auto`. */
  readonly kind?: KindChoice | undefined;
  /** The model behind the data, in the names of the data. Default: compiled from the data's provenance. */
  readonly model?: Compiled | undefined;
  /** The numbers of the runs to draw. Default all. */
  readonly runs?: readonly number[] | undefined;
}

/** Panels to stand one above the other, and what they show. */
export interface Drawing {
  readonly subject: Subject;
  readonly kinds: readonly PictureKindName[];
  readonly panels: readonly Panel[];
}

/**
 * Computes what the picture shows.
 *
 * @throws HnncError kind `usage` for names that the data lack and wishes that the kind does not understand; kind `data`
 * where there is nothing to draw
 */
export async function panelsOf(dataset: Dataset, options: PanelOptions = {}): Promise<Drawing> {
  const subject = subjectOf(dataset, options);
  const chosen = [options.kind ?? "auto"].flat();
  const kinds = chosen.map((kind) => (kind === "auto" ? kindFor(subject.dataset, options) : requireKind(kind)));
  requireUnderstood(kinds, options);
  const panels: Panel[] = [];
  for (const kind of kinds) panels.push(...(await pictureKinds[kind].panels(subject, options)));
  return { subject, kinds, panels };
}

/** A section that is asked for is drawn as one; otherwise the data decide. */
function kindFor(dataset: Dataset, { section, x, y }: Wish): PictureKindName {
  if (section !== undefined || typeof dataset.provenance.section === "string") return "poincare";
  if (y !== undefined && y.length > 1) return "time";
  if (x !== undefined || y !== undefined) return x === "t" || x === undefined ? "time" : "phase";
  return usualKind(dataset);
}

/** @throws HnncError `unknown-kind` (usage), with the nearest name */
export function requireKind(name: string): PictureKindName {
  const found = pictureKindNames.find((kind) => kind === name);
  if (found) return found;
  const near = pictureKindNames.find((kind) => editDistance(kind, name) <= 2 || kind.startsWith(name));
  throw new HnncError({
    kind: "usage",
    code: "unknown-kind",
    message: `\`${name}\` is not a kind of picture`,
    notes: [`kinds: ${pictureKindNames.join(" ")}`],
    hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
  });
}

const wishNames = ["x", "y", "section", "direction"] as const satisfies readonly (keyof Wish)[];

function requireUnderstood(kinds: readonly PictureKindName[], wish: Wish): void {
  for (const name of wishNames) {
    if (wish[name] === undefined) continue;
    const understands = ({ wishes }: PictureKind) => wishes.includes(name);
    if (kinds.some((kind) => understands(pictureKinds[kind]))) continue;
    const others = pictureKindNames.filter((kind) => understands(pictureKinds[kind]));
    throw new HnncError({
      kind: "usage",
      code: "unused-option",
      message: `\`${name}\` means nothing to ${kinds.map((kind) => `\`${kind}\``).join(" and ")}`,
      hint: `it goes with the kinds ${others.join(", ")}`,
    });
  }
}
