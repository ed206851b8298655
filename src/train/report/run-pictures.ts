import { formulaLabel } from "../../picture/label.ts";
import { drawPanels } from "../../picture/picture.ts";
import { driftPicture } from "./drift-picture.ts";
import { lossPicture } from "./loss-picture.ts";
import { phasePicture } from "./phase-picture.ts";
import type { PictureDraft, RunPicturesInput } from "./picture-draft.ts";
import { rollOutPicture } from "./roll-out-picture.ts";
import { surfacePicture } from "./surface-picture.ts";

/** A picture as SVG text. */
export interface RunPicture {
  /** Of its file, without `.svg`. */
  readonly name: string;
  /** What one sees: a sentence or two for a person. */
  readonly caption: string;
  readonly svg: string;
}

const drafts = [lossPicture, rollOutPicture, phasePicture, surfacePicture, driftPicture] as const;

/**
 * Draws what can be seen of a trained model: the loss, its trajectories beside true ones, its phase portrait and energy
 * surface beside the true ones where there is one degree of freedom, the drift of its energy.
 *
 * @example
 * for (const { name, svg } of runPictures({ title: "p^2/2 + V(q)", … })) await writeFile(`${name}.svg`, svg);
 */
export function runPictures(input: RunPicturesInput): RunPicture[] {
  return runDrafts(input).map(({ name, caption, subject, panels }) => {
    const title = { headline: [{ text: subject }], details: formulaLabel(input.title) };
    return { name, caption, svg: drawPanels(panels, title) };
  });
}

/** The same before they are drawn. */
export function runDrafts(input: RunPicturesInput): PictureDraft[] {
  return drafts.flatMap((draft) => draft(input) ?? []);
}
