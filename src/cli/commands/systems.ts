import type { System } from "../../systems/system.ts";
import { findSystem, systems } from "../../systems/systems.ts";
import type { CliCommand } from "../command.ts";
import { columns } from "../help-layout.ts";
import type { Terminal } from "../terminal.ts";

interface Flags {
  readonly json?: boolean;
  readonly tag?: string;
}

export const systemsCommand: CliCommand = {
  examples: [
    { run: "hnnc systems", gives: "the catalogue: names and titles" },
    { run: "hnnc systems double-pendulum", gives: "one system: formula, coordinates, initial states, source" },
    { run: "hnnc systems --tag chaotic", gives: "the chaotic ones" },
    { run: "hnnc systems --json", gives: "everything about all of them" },
  ],
  declare: (command) => {
    command.argument("[name]", "a system of the catalogue").option("--tag <tag>", "only systems with this tag");
  },
  run: async (command, terminal) => {
    const { json, tag } = command.opts<Flags>();
    const [name] = command.args;
    if (name !== undefined) await show(findSystem(name), json === true, terminal);
    else await list(tagged(tag, command), json === true, terminal);
    return 0;
  },
};

const all: readonly System[] = Object.values(systems);

function tagged(tag: string | undefined, command: Parameters<CliCommand["declare"]>[0]): readonly System[] {
  if (tag === undefined) return all;
  const found = all.filter(({ tags }) => (tags as readonly string[]).includes(tag));
  const tags = [...new Set(all.flatMap((system) => system.tags))].sort();
  if (found.length === 0)
    command.error(`no system has the tag '${tag}'; the tags are ${tags.join(", ")}`, { code: "unknown-tag" });
  return found;
}

async function list(shown: readonly System[], json: boolean, terminal: Terminal): Promise<void> {
  if (json) return terminal.json(shown);
  await terminal.data(`${columns(shown.map(({ name, title }) => [name, title]))}\n`);
}

async function show(system: System, json: boolean, terminal: Terminal): Promise<void> {
  if (json) return terminal.json(system);
  const heading = (text: string) => terminal.styleData("bold", text);
  const { citation, doi, arxiv, isbn } = system.source;
  const places = [doi && `doi:${doi}`, arxiv && `arXiv:${arxiv}`, isbn && `ISBN ${isbn}`].filter(Boolean);
  const states = Object.entries(system.initialStates).map(([name, { x0, note }]): [string, string] => [
    name,
    `[${x0.join(", ")}]${note === undefined ? "" : `  ${note}`}`,
  ]);
  const sections = [
    `${heading(system.title)}\n${system.description}`,
    indented(system.model),
    `${heading("Coordinates and momenta")}\n${columns(Object.entries(system.coordinates))}`,
    `${heading("Initial states")} [q …, p …]\n${columns(states)}`,
    ...(system.invariants.length > 0 ? [`${heading("Invariants")}\n  H, ${system.invariants.join(", ")}`] : []),
    `${heading("Source")}\n  ${[citation, ...places].join("\n  ")}`,
    `${heading("Tags")}\n  ${system.tags.join(", ")}`,
  ];
  await terminal.data(`${sections.join("\n\n")}\n`);
}

function indented(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
