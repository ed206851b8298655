import { readCsv } from "./csv-reader.ts";
import { writeCsv } from "./csv-writer.ts";
import type { Format } from "./format.ts";

/**
 * Columns as text: `t`, coordinates, momenta, `H`, derivatives `dq/dt`, `run`, `split`, as far as there are any. Lines
 * that begin with `#` are comments; the first ones hold the provenance, a JSON value a line. pandas reads it with
 * `read_csv(…, comment="#")`; before pandas 3, `float_precision="round_trip"` is needed for the last bit.
 *
 * A user's file may have commas, semicolons, tabs or spaces between columns, a decimal comma, quotes, a byte order
 * mark, `\r\n`, empty lines, and no names, in which case columns are called `1`, `2`, ….
 */
export const csv: Format = { name: "csv", read: readCsv, write: writeCsv };
