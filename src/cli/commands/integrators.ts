import { HnncError } from "../../errors.ts";
import type { Integrator } from "../../integrate/integrator.ts";
import { integratorNames, integrators } from "../../integrate/integrators.ts";
import { taylor } from "../../integrate/taylor.ts";
import type { CliCommand } from "../command.ts";
import { columns } from "../help-layout.ts";
import { nearest } from "../suggest.ts";

/** What is told of a method; `order` is absent where it follows from the tolerance. */
interface Entry {
  readonly name: string;
  readonly title: string;
  readonly order: number | undefined;
  readonly properties: Pick<
    Integrator,
    "symplectic" | "reversible" | "adaptive" | "explicit" | "timeDependent" | "damping"
  >;
  readonly requires: Integrator["requires"];
  readonly source: Integrator["source"];
}

export const integratorsCommand: CliCommand = {
  examples: [
    { run: "hnnc integrators", gives: "every method with its order and properties" },
    { run: "hnnc integrators yoshida8", gives: "one of them, with its source" },
  ],
  declare: (command) => {
    command.argument("[name]", "a method");
  },
  run: async (command, terminal) => {
    const name = command.args[0];
    const { json } = command.opts<{ json?: boolean }>();
    const all = entries();
    if (name === undefined) {
      if (json) await terminal.json(all);
      else await terminal.data(`${columns(all.map((entry) => [entry.name, summaryOf(entry)]))}\n`);
      return 0;
    }
    const entry = all.find((each) => each.name === name);
    if (!entry) throw unknown(name, all);
    if (json) await terminal.json(entry);
    else await terminal.data(pageOf(entry));
    return 0;
  },
};

function entries(): Entry[] {
  const fixed = integratorNames.map((name) => entryOf(integrators[name], integrators[name].order));
  return [entryOf(taylor, undefined), ...fixed];
}

function entryOf(method: Omit<Integrator, "order" | "scheme">, order: number | undefined): Entry {
  const { name, title, requires, source, symplectic, reversible, adaptive, explicit, timeDependent, damping } = method;
  const properties = { symplectic, reversible, adaptive, explicit, timeDependent, damping };
  return { name, title, order, properties, requires, source };
}

/** `order 8, explicit, symplectic, reversible; H = T(p) + V(q)` */
function summaryOf({ order, properties, requires }: Entry): string {
  const { symplectic, reversible, adaptive, explicit } = properties;
  const words = [
    order === undefined ? "order by tolerance" : `order ${order}`,
    explicit ? "explicit" : "implicit",
    ...(symplectic ? ["symplectic"] : []),
    ...(reversible ? ["reversible"] : []),
    ...(adaptive ? ["adaptive"] : []),
  ];
  return `${words.join(", ")}${requires === "separable" ? "; H = T(p) + V(q)" : ""}`;
}

function pageOf(entry: Entry): string {
  const { title, properties, source } = entry;
  const lines: [string, string][] = [
    ["method", summaryOf(entry)],
    ["time in H", properties.timeDependent ? "keeps its order" : "not where H depends on t"],
    ["damping", properties.damping ? "keeps its order" : "not with damping"],
    ["source", source.citation],
    ["", `doi:${source.doi}`],
  ];
  return `${title}\n\n${columns(lines)}\n`;
}

function unknown(name: string, all: readonly Entry[]): HnncError {
  const names = all.map((each) => each.name);
  const close = nearest(name, names);
  return new HnncError({
    kind: "usage",
    code: "unknown-method",
    message: `there is no method \`${name}\``,
    notes: [`methods: ${names.join(" ")}`],
    hint: close && `did you mean \`hnnc integrators ${close}\`?`,
  });
}
