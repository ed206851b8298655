import { arm } from "./arm.ts";
import { hnn2019 } from "./hnn2019.ts";
import type { Study } from "./study.ts";

/** The studies by name; a new one is one file and one line here. */
export const studies = { hnn2019, arm } satisfies Record<string, Study>;

export type StudyName = keyof typeof studies;

export const studyNames = Object.keys(studies) as readonly StudyName[];

export function isStudyName(name: string): name is StudyName {
  return Object.hasOwn(studies, name);
}
