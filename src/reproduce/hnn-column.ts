import type { Column } from "./column.ts";
import { publishedColumn } from "./published-column.ts";

/** The model of the publication. */
export const hnnColumn = publishedColumn("hnn", "a network for H") satisfies Column;
