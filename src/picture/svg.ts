import type { Label } from "./label.ts";
import { smallPart } from "./text-width.ts";

/** STIX Two is made to the measure of Times, so that a reader without it sees the same layout. */
export const fontFamily = "STIX Two Text";
const fontStack = `'${fontFamily}', 'STIX Two', 'Times New Roman', Times, serif`;

/** A number as it stands in SVG: to a hundredth of a pixel, without superfluous digits. */
export function coordinate(value: number, digits = 2): string {
  const factor = 10 ** digits;
  const rounded = Math.round(value * factor) / factor;
  return String(rounded === 0 ? 0 : rounded);
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with its content, which is SVG already. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const words = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}="${typeof value === "number" ? coordinate(value) : escaped(value)}"`],
  );
  const head = [name, ...words].join(" ");
  return content === "" ? `<${head}/>` : `<${head}>${content}</${name}>`;
}

/** Text as it may stand between tags and in attributes; characters that XML forbids become `�`. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "�")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

export interface TextStyle {
  readonly size: number;
  readonly anchor?: "start" | "middle" | "end" | undefined;
  readonly color?: string | undefined;
  /** Degrees, clockwise, about the place. */
  readonly turn?: number | undefined;
  /** A white rim, so that text is read over lines. */
  readonly halo?: boolean | undefined;
}

/** A label whose baseline begins, ends or is centred at a place. */
export function text(x: number, y: number, label: Label, style: TextStyle): string {
  const { size, anchor = "start", color = "#000000", turn, halo } = style;
  const attributes = {
    x,
    y,
    "font-size": size,
    "text-anchor": anchor === "start" ? undefined : anchor,
    fill: color === "#000000" ? undefined : color,
    transform: turn ? `rotate(${coordinate(turn)} ${coordinate(x)} ${coordinate(y)})` : undefined,
    ...(halo && { stroke: "#ffffff", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" }),
  };
  return element("text", attributes, spans(label, size));
}

/** Indices are shifted by `dy`, which every renderer understands, and the next piece is shifted back. */
function spans(label: Label, size: number): string {
  let shift = 0;
  let out = "";
  for (const { text: words, italic, at } of label) {
    const wanted = at === "sub" ? 0.22 * size : at === "super" ? -0.36 * size : 0;
    const attributes = {
      dy: wanted === shift ? undefined : wanted - shift,
      "font-style": italic ? "italic" : undefined,
      "font-size": at === undefined ? undefined : smallPart * size,
    };
    shift = wanted;
    out += Object.values(attributes).every((value) => value === undefined)
      ? escaped(words)
      : element("tspan", attributes, escaped(words));
  }
  return out;
}

/** A whole document, white behind. */
export function svgDocument(width: number, height: number, title: string, content: readonly string[]): string {
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
    "font-family": fontStack,
    role: "img",
  };
  const ground = element("rect", { width, height, fill: "#ffffff" });
  const body = [element("title", {}, escaped(title)), ground, ...content].join("\n");
  return `${element("svg", attributes, `\n${body}\n`)}\n`;
}
