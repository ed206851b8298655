import { exitCodes } from "../../errors.ts";
import { version } from "../../version.ts";
import type { CliCommand } from "../command.ts";
import { type Check, inspectInstallation } from "../installation.ts";
import type { Terminal } from "../terminal.ts";

export const doctorCommand: CliCommand = {
  examples: [
    { run: "hnnc doctor", gives: "what is installed, which engines work, and how to get the rest" },
    { run: "hnnc doctor --json", gives: "the same for a bug report or a script" },
  ],
  declare: () => {},
  run: async (command, terminal) => {
    const checks = await inspectInstallation();
    if (command.opts<{ json?: boolean }>().json) await terminal.json({ hnnc: version, checks });
    else await terminal.data(`hnnc ${version}\n${checks.map((check) => lines(check, terminal)).join("")}`);
    return checks.every(({ works, needed }) => works || !needed) ? 0 : exitCodes.engine;
  },
};

function lines({ name, works, needed, detail, hint }: Check, { styleData }: Terminal): string {
  const mark = works ? styleData("green", "ok") : needed ? styleData("red", "!!") : styleData("yellow", "--");
  const fix = hint === undefined ? "" : `${" ".repeat(32)}${hint}\n`;
  return `  ${mark}  ${name.padEnd(26)}${detail}\n${fix}`;
}
