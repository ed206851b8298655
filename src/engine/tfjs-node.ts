import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { HnncError } from "../errors.ts";

/** Where `scripts/build-tfjs-node.mjs` puts the binding that it builds: `.cache/tfjs-node` in the package's own folder. */
export const tfjsNodeFolder: string = fileURLToPath(new URL("../../.cache/tfjs-node", import.meta.url));

/** An installed `@tensorflow/tfjs-node`. */
export interface TfjsNodeInstallation {
  /** The folder that holds its package.json. */
  readonly folder: string;
  readonly version: string;
  /** Whether the project's script built it, rather than npm having installed it. */
  readonly built: boolean;
  /** Whether its native part is there; an install without scripts leaves it out. */
  readonly native: boolean;
}

/** Finds `@tensorflow/tfjs-node`: the binding that the script built, else the one that npm installed. Loads nothing. */
export function findTfjsNode(): TfjsNodeInstallation | undefined {
  const built = join(tfjsNodeFolder, "package.json");
  return locate(built, true) ?? locate(fileURLToPath(import.meta.url), false);
}

function locate(from: string, built: boolean): TfjsNodeInstallation | undefined {
  if (!existsSync(from)) return undefined;
  try {
    const manifest = createRequire(from).resolve("@tensorflow/tfjs-node/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    const folder = dirname(manifest);
    return { folder, version, built, native: hasBinding(folder) };
  } catch {
    return undefined;
  }
}

/** The binding stands in a folder by the version of Node's native interface: `lib/napi-v8/tfjs_binding.node`. */
function hasBinding(folder: string): boolean {
  const lib = join(folder, "lib");
  return existsSync(lib) && readdirSync(lib).some((version) => existsSync(join(lib, version, "tfjs_binding.node")));
}

/**
 * Loads `@tensorflow/tfjs-node`, which registers the native `tensorflow` backend.
 *
 * @returns the module, with the API of `@tensorflow/tfjs`
 * @throws HnncError `tfjs-node-missing` where it or its native part is not there, `tfjs-node-broken` where it does not load
 */
export function loadTfjsNode(): unknown {
  const found = findTfjsNode();
  if (!found?.native) {
    throw new HnncError({
      kind: "engine",
      code: "tfjs-node-missing",
      message: `\`@tensorflow/tfjs-node\` is ${found ? "installed without its native binding" : "not installed"}`,
      hint: "build it with `node scripts/build-tfjs-node.mjs`, or use `@tensorflow/tfjs`",
    });
  }
  restoreRemovedUtil();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  try {
    return createRequire(join(found.folder, "package.json"))(found.folder);
  } catch (cause) {
    throw new HnncError({
      kind: "engine",
      code: "tfjs-node-broken",
      message: `\`@tensorflow/tfjs-node\` in ${found.folder} does not load: ${firstLine(cause)}`,
      hint: "build the binding with `node scripts/build-tfjs-node.mjs`",
      cause,
    });
  }
}

/** tfjs-node 4.22 calls two functions of `util`: Node 23 removed one (tensorflow/tfjs#8609), the other warns when called. */
function restoreRemovedUtil(): void {
  const util = createRequire(import.meta.url)("node:util") as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n", 1)[0]!.trim();
}
