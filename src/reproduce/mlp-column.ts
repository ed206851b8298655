import type { Column } from "./column.ts";
import { publishedColumn } from "./published-column.ts";

/** The baseline of the publication. */
export const mlpColumn = publishedColumn("mlp", "a network for the field") satisfies Column;
