import { joinShards } from "../../data/shard.ts";
import type { CliCommand } from "../command.ts";
import { outputFile, requireOutput, writeRows } from "../dataset-output.ts";

interface Flags {
  readonly output?: string;
  readonly json?: boolean;
}

export const mergeCommand: CliCommand = {
  examples: [
    {
      run: "hnnc merge part1.npz part2.npz -o whole.npz",
      gives: "byte for byte what `hnnc generate` writes without --shard",
    },
    { run: "hnnc merge part*.parquet -o whole.csv", gives: "another format on the way" },
  ],
  declare: (command) => {
    command
      .argument("<parts...>", "files that `hnnc generate --shard k/n` wrote, in any order")
      .option("-o, --output <file>", "write there instead of CSV to standard output; whole or not at all");
  },
  run: async (command, terminal) => {
    const { output: option, json = false } = command.opts<Flags>();
    const output = outputFile(option);
    requireOutput(output, json);
    const { header, parts } = await joinShards(command.args);
    const found = await writeRows(output, header, terminal, async (write) => {
      let [rows, runs] = [0, 0];
      for await (const part of parts()) {
        await write(part);
        rows += part.rows;
        runs += part.runs.length;
      }
      return { rows, runs };
    });
    const shards = command.args.length;
    if (json) await terminal.json({ files: [output], shards, ...found });
    else if (output !== undefined) {
      terminal.message(`wrote ${output}: ${found.rows} rows in ${found.runs} runs, from ${shards} shards`);
    }
    return 0;
  },
};
