import type { Label } from "./label.ts";

/** Widths in thousandths of the size, of Times and the fonts made to its measure; what is not listed is 500 wide. */
const widths: Readonly<Record<string, string>> = {
  250: " ,.",
  278: "ijltIJ/:;|'",
  333: "()[]frs-",
  444: "ceazv",
  564: "+−=<>±×·",
  611: "EFLPSTBZ",
  667: "CR",
  722: "ADGHKNOQUVXYwΔ",
  778: "mΩ",
  889: "MW",
  1000: "…—",
};

const widthOf: ReadonlyMap<string, number> = new Map(
  Object.entries(widths).flatMap(([width, chars]) => [...chars].map((char) => [char, Number(width) / 1000] as const)),
);

/** Indices stand in this part of the size. */
export const smallPart = 0.72;

/** About how wide a label is, in the unit of the size. */
export function labelWidth(label: Label, size: number): number {
  let width = 0;
  for (const { text, at } of label) {
    const part = at === undefined ? 1 : smallPart;
    for (const char of text) width += (widthOf.get(char) ?? 0.5) * part * size;
  }
  return width;
}

/** A label cut to a width, with an ellipsis. */
export function shortened(label: Label, size: number, width: number): Label {
  if (labelWidth(label, size) <= width) return label;
  const kept: Label[number][] = [];
  let left = width - size;
  for (const piece of label) {
    const own = labelWidth([piece], size);
    if (own > left) {
      const chars = [...piece.text];
      while (chars.length > 0 && labelWidth([{ ...piece, text: chars.join("") }], size) > left) chars.pop();
      return [...kept, { ...piece, text: chars.join("") }, { text: " …" }];
    }
    kept.push(piece);
    left -= own;
  }
  return kept;
}
