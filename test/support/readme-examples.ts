/** A command line of the README and the output that stands under it. */
export interface ConsoleExample {
  readonly line: number;
  readonly command: string;
  /** Lines; `…` stands for any number of lines. */
  readonly output: readonly string[];
}

/** A program of the README; each `console.log(…); // text` tells what it prints. */
export interface ProgramExample {
  readonly line: number;
  readonly text: string;
  readonly prints: readonly string[];
}

interface Block {
  readonly language: string;
  readonly line: number;
  readonly lines: readonly string[];
}

function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [at, line] of markdown.split("\n").entries()) {
    const fence = /^```(\w*)/.exec(line);
    if (open && fence) {
      found.push(open);
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (fence) open = { language: fence[1]!, line: at + 2, lines: [] };
  }
  return found;
}

/** The examples in ```console blocks: `$ command`, then its output. */
export function consoleExamples(markdown: string): ConsoleExample[] {
  return blocks(markdown)
    .filter(({ language }) => language === "console")
    .flatMap(({ line, lines }) => {
      const starts = lines.flatMap((text, at) => (text.startsWith("$ ") ? [at] : []));
      return starts.map((start, k) => ({
        line: line + start,
        command: lines[start]!.slice(2),
        output: lines
          .slice(start + 1, starts[k + 1] ?? lines.length)
          .filter((text, at, all) => text !== "" || at < all.length - 1),
      }));
    });
}

/** The model texts in ```ham blocks. */
export function modelExamples(markdown: string): { readonly line: number; readonly text: string }[] {
  return blocks(markdown)
    .filter(({ language }) => language === "ham")
    .map(({ line, lines }) => ({ line, text: lines.join("\n") }));
}

/** The programs in ```js blocks. */
export function programExamples(markdown: string): ProgramExample[] {
  return blocks(markdown)
    .filter(({ language }) => language === "js")
    .map(({ line, lines }) => ({
      line,
      text: lines.join("\n"),
      prints: lines.flatMap((text) => /^\s*console\.log\(.*\);\s*\/\/ (.*)$/.exec(text)?.[1] ?? []),
    }));
}

/** Whether printed lines are the expected ones, where an expected `…` stands for any number of lines. */
export function matches(printed: readonly string[], expected: readonly string[]): boolean {
  const escaped = expected.map((line) =>
    line.trim() === "…" ? "(?:.*\\n)*" : `${line.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\n`,
  );
  return new RegExp(`^${escaped.join("")}$`).test(printed.map((line) => `${line}\n`).join(""));
}
