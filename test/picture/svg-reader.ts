/** An element of an SVG document of ours, with the text in it. */
export interface SvgElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Reads an SVG document: all elements in the order of their beginnings, `text` with the words in it.
 *
 * @throws Error where tags do not match or a character should have been escaped
 */
export function readSvg(svg: string): readonly SvgElement[] {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: number[] = [];
  for (const [token] of svg.matchAll(/<[^>]*>|[^<]+/g)) {
    if (!token.startsWith("<")) {
      if (/&(?!amp;|lt;|gt;|quot;)/.test(token)) throw new Error(`not escaped: ${token}`);
      for (const at of open) elements[at]!.text += unescaped(token);
    } else if (token.startsWith("</")) {
      const at = open.pop();
      if (at === undefined || elements[at]!.name !== token.slice(2, -1)) throw new Error(`${token} closes nothing`);
    } else {
      const [, name, words, end] = /^<([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>$/.exec(token) ?? [];
      if (name === undefined) throw new Error(`not an element: ${token}`);
      const attributes = Object.fromEntries(
        [...words!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescaped(value!)]),
      );
      elements.push({ name, attributes, text: "" });
      if (end === "") open.push(elements.length - 1);
    }
  }
  if (open.length > 0) throw new Error(`${elements[open[0]!]!.name} is not closed`);
  return elements;
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** The words of a document's texts, without the title. */
export function wordsOf(svg: string): string[] {
  return readSvg(svg)
    .filter(({ name }) => name === "text")
    .map(({ text }) => text);
}

/** The points of all paths of a colour: absolute M and L only, as data are drawn. */
export function pointsOf(svg: string, color: string): [number, number][][] {
  return readSvg(svg)
    .filter(({ name, attributes }) => name === "path" && attributes.stroke === color && attributes.d !== undefined)
    .map(({ attributes }) =>
      [...attributes.d!.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, u, v]) => [Number(u), Number(v)]),
    );
}

/** Where data are drawn, in pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The frames of a document, from their clip paths. */
export function framesOf(svg: string): Frame[] {
  const elements = readSvg(svg);
  return elements.flatMap(({ name }, at) => {
    if (name !== "clipPath") return [];
    const { x, y, width, height } = elements[at + 1]!.attributes;
    return [{ left: Number(x), top: Number(y), width: Number(width), height: Number(height) }];
  });
}
