import type { Target } from "../../codegen/target.ts";
import { targets } from "../../codegen/targets.ts";
import type { CliCommand } from "../command.ts";
import { columns } from "../help-layout.ts";

export const targetsCommand: CliCommand = {
  examples: [
    { run: "hnnc targets", gives: "what a Hamiltonian can be compiled to" },
    { run: 'hnnc compile "p^2/2 - cos(q)" --target js', gives: "how to compile to one of them" },
  ],
  declare: () => {},
  run: async (command, terminal) => {
    const all: readonly Target[] = Object.values(targets);
    const rows = all.map(({ name, description, extension, options }) => ({ name, description, extension, options }));
    if (command.opts<{ json?: boolean }>().json) await terminal.json(rows);
    else
      await terminal.data(
        `${columns(rows.map((row) => [row.name, `${row.description}${optionNote(row.options)}`]))}\n`,
      );
    return 0;
  },
};

function optionNote(options: readonly string[]): string {
  return options.length === 0 ? "" : ` (${options.map((option) => `--${option}`).join(", ")})`;
}
