import type { Dataset } from "./dataset.ts";
import { columnFields, type Field, type FieldData } from "./fields.ts";
import type { Header, RowWriter } from "./format.ts";
import { describe } from "./provenance.ts";
import { sliceRows } from "./select.ts";
import type { Sink } from "./sink.ts";

/** Rows that are turned into text together. */
const chunkRows = 4096;

/** Comment lines that describe the dataset, the names, and then rows. */
export async function writeCsv(sink: Sink, header: Header): Promise<RowWriter> {
  const fields = columnFields(header);
  const comments = describe(header).map(([key, value]) => `# ${key}: ${JSON.stringify(value)}\n`);
  await put(sink, `${comments.join("")}${fields.map(title).join(",")}\n`);
  return {
    async write(chunk) {
      for (let from = 0; from < chunk.rows; from += chunkRows) {
        await put(sink, rowsAsText(sliceRows(chunk, from, Math.min(chunk.rows, from + chunkRows)), fields));
      }
    },
    async close() {},
    async abort() {},
  };
}

function put(sink: Sink, text: string): Promise<void> {
  return sink.write(new TextEncoder().encode(text));
}

function title({ name }: Field): string {
  const text = name === "test" ? "split" : name;
  return /[",;\s#]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function rowsAsText(chunk: Dataset, fields: readonly Field[]): string {
  const columns = fields.map((field) => cells(field.gather(chunk)));
  let text = "";
  for (let row = 0; row < chunk.rows; row++) {
    text += columns[0]!(row);
    for (let k = 1; k < columns.length; k++) text += `,${columns[k]!(row)}`;
    text += "\n";
  }
  return text;
}

function cells({ type, values }: FieldData): (row: number) => string {
  if (type === "bool") return (row) => (values[row] === 1 ? "test" : "train");
  if (type === "i32") return (row) => String(values[row]);
  return (row) => numberText(values[row]!);
}

/** The shortest text that reads back to the same bits; `nan`, `inf` and `-inf` as C and NumPy write them. */
export function numberText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
