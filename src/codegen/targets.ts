import { js } from "./js.ts";
import { json } from "./json.ts";
import { latex } from "./latex.ts";
import { onnx } from "./onnx.ts";
import type { Target } from "./target.ts";
import { tfjs } from "./tfjs.ts";
import { wasm } from "./wasm.ts";

/** All targets by name; a new one is one file and one line here. */
export const targets = { tfjs, js, wasm, onnx, latex, json } satisfies Record<string, Target>;

export type TargetName = keyof typeof targets;

/** The targets that give bytes. */
export type BinaryTargetName = "wasm" | "onnx";

export const targetNames = Object.keys(targets) as readonly TargetName[];

export function isTargetName(name: string): name is TargetName {
  return Object.hasOwn(targets, name);
}
