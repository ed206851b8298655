import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const sourceFolder = join(root, "src");

/** Each layer may import from itself and from layers below it. ARCHITECTURE.md explains them. */
const layers: readonly (readonly string[])[] = [
  ["expr", "errors.ts", "model.ts", "network.ts", "edit-distance.ts", "version.ts"],
  ["parser", "mechanics", "graph", "integrate", "systems", "data", "fit"],
  ["codegen"],
  ["compile.ts", "engine", "ensemble"],
  ["hnn", "simulate.ts", "simulation", "picture", "check"],
  ["train"],
  ["reproduce"],
  ["index.ts", "learn.ts"],
  ["cli", "web"],
];

/** Third-party packages and the one place that may import each. */
const packagePlaces: Readonly<Record<string, RegExp>> = {
  chevrotain: /^parser\//,
  mathjs: /^mechanics\/unit/,
  commander: /^cli\//,
  "@resvg/resvg-wasm": /^picture\//,
};

/** Families: the folder, its registry, and the type that every member's file has a value of (its contract). */
const families = [
  { folder: "codegen", registry: "codegen/targets.ts", contract: "Target" },
  { folder: "integrate", registry: "integrate/integrators.ts", contract: "Integrator" },
  { folder: "picture", registry: "picture/kinds.ts", contract: "PictureKind" },
  { folder: "hnn", registry: "hnn/models.ts", contract: "ModelFamily" },
  { folder: "train", registry: "train/losses.ts", contract: "Loss" },
  { folder: "train", registry: "train/optimisers.ts", contract: "StepOptimiser" },
  { folder: "train", registry: "train/optimisers.ts", contract: "SearchOptimiser" },
  { folder: "data", registry: "data/formats.ts", contract: "Format" },
  { folder: "systems", registry: "systems/systems.ts", contract: "System" },
  { folder: "engine", registry: "engine/engines.ts", contract: "Engine" },
  { folder: "check", registry: "check/checks.ts", contract: "Check" },
  { folder: "reproduce", registry: "reproduce/tasks.ts", contract: "Task" },
  { folder: "reproduce", registry: "reproduce/columns.ts", contract: "Column" },
  { folder: "reproduce", registry: "reproduce/studies.ts", contract: "Study" },
  { folder: "cli/commands", registry: "cli/commands.ts", contract: "CliCommand" },
] as const;

/** Registries and tables may be longer: they are lists. */
const mostLines = 350;
/** Files that are longer for a reason. */
const longForAReason: Readonly<Record<string, string>> = {
  "parser/grammar.ts": "a chevrotain grammar is one class",
  "expr/build.ts": "the constructors call one another",
};
const mostFunctionLines = 50;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

interface Import {
  readonly specifier: string;
  /** Whether loading this file loads that one: neither `import type` nor `import()` or `require()` later on. */
  readonly eager: boolean;
}

const sources: readonly Source[] = readdirSync(sourceFolder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .sort()
  .map((path) => {
    const text = readFileSync(join(sourceFolder, path), "utf8");
    return { path, text, imports: importsOf(withoutComments(text)) };
  });

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function importsOf(text: string): Import[] {
  const statements = text.matchAll(/^(import|export)\s+(type\s)?[^;"'`]*?from\s+"([^"]+)"/gm);
  const bare = text.matchAll(/^import\s+"([^"]+)"/gm);
  const dynamic = text.matchAll(/\b(?:import|require|require\.resolve)\(\s*"([^"]+)"\s*\)/g);
  return [
    ...[...statements].map((match) => ({ specifier: match[3]!, eager: match[2] === undefined })),
    ...[...bare].map((match) => ({ specifier: match[1]!, eager: true })),
    ...[...dynamic].map((match) => ({ specifier: match[1]!, eager: false })),
  ];
}

/** The file in src that a relative import means. */
function targetOf(source: Source, specifier: string): string | undefined {
  return specifier.startsWith(".")
    ? relative(sourceFolder, join(sourceFolder, dirname(source.path), specifier))
    : undefined;
}

function layerOf(path: string): number {
  return layers.findIndex((members) => members.includes(path.split("/", 1)[0]!));
}

function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return undefined;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

describe("dependencies", () => {
  test("every file stands in a layer", () => {
    expect(sources.map(({ path }) => path).filter((path) => layerOf(path) < 0)).toEqual([]);
  });

  test("point down: no import goes to a higher layer", () => {
    const upwards = sources.flatMap((source) =>
      source.imports.flatMap(({ specifier }) => {
        const target = targetOf(source, specifier);
        return target !== undefined && layerOf(target) > layerOf(source.path) ? [`${source.path} → ${target}`] : [];
      }),
    );
    expect(upwards).toEqual([]);
  });

  test("of fit are numerics alone: itself, errors and random numbers", () => {
    const imported = sources
      .filter(({ path }) => path.startsWith("fit/"))
      .flatMap((source) => source.imports.map(({ specifier }) => targetOf(source, specifier) ?? specifier));
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((target) => !/^fit\/|^errors\.ts$|^data\/random\.ts$/.test(target))).toEqual([]);
  });

  test("form no cycle, types and lazy imports included", () => {
    const edges = new Map(
      sources.map((source) => [
        source.path,
        source.imports.map(({ specifier }) => targetOf(source, specifier)).filter((target) => target !== undefined),
      ]),
    );
    expect(cycleIn(edges)).toBeUndefined();
  });

  test("on third-party packages stay in their places", () => {
    const strays = sources.flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier }) => {
        const place = packagePlaces[packageOf(specifier) ?? ""];
        return place && !place.test(path) ? [`${path} imports ${specifier}`] : [];
      }),
    );
    expect(strays).toEqual([]);
  });

  test("on third-party packages are declared", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
      string,
      Record<string, string>
    >;
    const declared = { ...manifest.dependencies, ...manifest.optionalDependencies };
    const undeclared = sources.flatMap(({ path, imports }) =>
      imports
        .map(({ specifier }) => packageOf(specifier))
        .filter((name) => name !== undefined && !(name in declared))
        .map((name) => `${path} imports ${name}`),
    );
    expect(undeclared).toEqual([]);
  });

  test("of the compiler half leave TensorFlow.js and mathjs alone until they are used", () => {
    const loaded = eagerlyLoaded("index.ts");
    expect(loaded.filter((name) => /tensorflow|onnxruntime|mathjs/.test(name))).toEqual([]);
    const started = eagerlyLoaded("cli/main.ts");
    expect(
      started.filter((name) => !name.startsWith("node:") && !name.startsWith("cli/") && name !== "errors.ts"),
    ).toEqual([]);
  });
});

/** Every file and package that importing one file loads at once. */
function eagerlyLoaded(entry: string): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const seen = new Set<string>([entry]);
  for (const path of seen) {
    const source = byPath.get(path);
    for (const { specifier, eager } of source?.imports ?? []) {
      if (eager) seen.add(targetOf(source!, specifier) ?? specifier);
    }
  }
  return [...seen];
}

/** The first cycle found, as a list of files, or undefined. */
function cycleIn(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path)) return undefined;
    for (const next of edges.get(path) ?? []) {
      const found = visit(next, [...trail, path]);
      if (found) return found;
    }
    finished.add(path);
    return undefined;
  };
  for (const path of edges.keys()) {
    const found = visit(path, []);
    if (found) return found;
  }
  return undefined;
}

describe("families", () => {
  test.each(families)("every member in $folder is in $registry", ({ folder, registry, contract }) => {
    const isMember = new RegExp(`^export const \\w+: ${contract} =|satisfies ${contract};$`, "m");
    const members = sources.filter(
      ({ path, text }) => dirname(path) === folder && path !== registry && isMember.test(text),
    );
    expect(members.length).toBeGreaterThan(0);
    const listed = sources.find(({ path }) => path === registry)!;
    const targets = listed.imports.map(({ specifier }) => targetOf(listed, specifier));
    expect(members.map(({ path }) => path).filter((path) => !targets.includes(path))).toEqual([]);
  });
});

describe("files", () => {
  test("only index.ts and learn.ts re-export", () => {
    const reexporting = sources.filter(({ text }) => /^export\s+(type\s+)?(\*|\{[^}]*\})[^;]*?\sfrom\s"/m.test(text));
    expect(reexporting.map(({ path }) => path).filter((path) => path !== "index.ts" && path !== "learn.ts")).toEqual(
      [],
    );
  });

  test("export by name only, and explicitly", () => {
    expect(sources.filter(({ text }) => /^export (default|\*)/m.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("are named in kebab-case for what they hold", () => {
    const vague = /^(utils?|helpers?|common|types|misc)\.ts$/;
    const wrong = sources.filter(
      ({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(path)) || vague.test(basename(path)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
    expect(sources.map(({ path }) => path).filter((path) => /.\/index\.ts$/.test(path))).toEqual([]);
  });

  test(`have at most ${mostLines} lines, tables excepted`, () => {
    const long = sources.filter(
      ({ path, text }) => text.split("\n").length > mostLines && !isTable(text) && !(path in longForAReason),
    );
    expect(long.map(({ path, text }) => `${path}: ${text.split("\n").length} lines`)).toEqual([]);
  });

  test(`hold no function of more than ${mostFunctionLines} lines`, () => {
    expect(sources.flatMap(longFunctions)).toEqual([]);
  });

  test("switch no type off and leave nothing open", () => {
    const marks = /\bas any\b|: any\b|<any>|@ts-(ignore|expect-error|nocheck)|biome-ignore|\b(TODO|FIXME|XXX|HACK)\b/;
    const code = (text: string) => text.replace(/"[^"\n]*"|`[^`]*`/g, '""');
    expect(sources.filter(({ text }) => marks.test(code(text))).map(({ path }) => path)).toEqual([]);
  });
});

/** A text whose lines are mostly entries `key: …,` or `[…],`. */
function isTable(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.filter((line) => /^\s+(\S+: .*|\[.*\]|"[^"]*"|\{.*\}),$/.test(line)).length > 0.5 * lines.length;
}

/** Top-level functions, told by the formatter's layout: they begin and end at the left margin. */
function longFunctions({ path, text }: Source): string[] {
  const lines = text.split("\n");
  const found: string[] = [];
  for (const [start, line] of lines.entries()) {
    const name = /^(?:export )?(?:async )?function\*? (\w+)/.exec(line)?.[1];
    if (name === undefined) continue;
    const length = lines.slice(start).indexOf("}") + 1;
    const body = lines.slice(start + 1, start + length - 1).join("\n");
    if (length > mostFunctionLines && !isTable(body)) found.push(`${path}: ${name} has ${length} lines`);
  }
  return found;
}
