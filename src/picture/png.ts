import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { HnncError } from "../errors.ts";
import { fontFamily } from "./svg.ts";

const require = createRequire(import.meta.url);

/** The fonts of labels; a picture does not depend on what is installed. */
const fontFiles = [
  () => require.resolve("@expo-google-fonts/stix-two-text/400Regular/STIXTwoText_400Regular.ttf"),
  () => require.resolve("@expo-google-fonts/stix-two-text/400Regular_Italic/STIXTwoText_400Regular_Italic.ttf"),
];

let ready: Promise<readonly Uint8Array[]> | undefined;

/** Loads the rasteriser, once a process, and the fonts. */
function prepared(): Promise<readonly Uint8Array[]> {
  ready ??= (async () => {
    const [code, ...fonts] = await Promise.all(
      [require.resolve("@resvg/resvg-wasm/index_bg.wasm"), ...fontFiles.map((resolve) => resolve())].map((path) =>
        readFile(path),
      ),
    );
    await initWasm(code!);
    return fonts;
  })();
  return ready;
}

/**
 * Draws an SVG document of ours.
 *
 * @param scale pixels to a pixel of the SVG
 * @returns the bytes of a PNG file
 */
export async function pngOf(svg: string, scale: number): Promise<Uint8Array> {
  const fonts = await prepared();
  const options = {
    fitTo: { mode: "zoom" as const, value: scale },
    background: "#ffffff",
    font: { fontBuffers: [...fonts], defaultFontFamily: fontFamily, serifFamily: fontFamily, loadSystemFonts: false },
  };
  try {
    const drawing = new Resvg(svg, options);
    const image = drawing.render();
    const png = image.asPng();
    image.free();
    drawing.free();
    return png;
  } catch (cause) {
    throw new HnncError({
      kind: "internal",
      code: "rasteriser",
      message: `the picture could not be drawn: ${cause}`,
      cause,
    });
  }
}
