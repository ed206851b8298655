import { closedFormColumn } from "./closed-form-column.ts";
import type { Column } from "./column.ts";
import { hnnColumn } from "./hnn-column.ts";
import { hybridColumn } from "./hybrid-column.ts";
import { lstmColumn } from "./lstm-column.ts";
import { mlpColumn } from "./mlp-column.ts";

/** The models of the table by name, in its order; a new one is one file and one line here. */
export const columns = {
  mlp: mlpColumn,
  hnn: hnnColumn,
  lstm: lstmColumn,
  "closed-form": closedFormColumn,
  hybrid: hybridColumn,
} satisfies Record<string, Column>;

export type ColumnName = keyof typeof columns;

export const columnNames = Object.keys(columns) as readonly ColumnName[];
