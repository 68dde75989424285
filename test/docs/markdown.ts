/** The Markdown of the repository: its pages, their headings, links and code blocks. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

export const repository = resolve(__dirname, "../..");

export interface Block {
  /** As an error names it: `docs/testing.md:12`. */
  place: string;
  /** The first word after the fence. */
  language: string;
  text: string;
}

export interface Link {
  place: string;
  target: string;
}

export interface Page {
  /** Relative to the repository, with slashes. */
  path: string;
  headings: string[];
  links: Link[];
  blocks: Block[];
}

/** Built, fetched, or written by a tool. */
const NOT_OURS = ["node_modules", "dist", "reference", "coverage", "etc", "test/engine/traces"];

export function pages(): Page[] {
  return markdownIn(repository).map((file) => {
    const path = relative(repository, file).split(sep).join("/");
    return parsePage(path, readFileSync(file, "utf8"));
  });
}

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const shown = relative(repository, path).split(sep).join("/");
    if (entry.name.startsWith(".") && entry.name !== ".github") return [];
    if (entry.isDirectory())
      return NOT_OURS.includes(shown) || shown.endsWith("node_modules") ? [] : markdownIn(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

export function parsePage(path: string, text: string): Page {
  const page: Page = { path, headings: [], links: [], blocks: [] };
  let open: { block: Block; fence: string; indent: number } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const place = `${path}:${index + 1}`;
    const [, indent = "", fence, language = ""] = /^( *)(```+)\s*(\S*)/.exec(line) ?? [];
    if (open) {
      if (fence?.startsWith(open.fence) && language === "") open = undefined;
      else open.block.text += `${line.slice(Math.min(open.indent, line.search(/\S|$/)))}\n`;
    } else if (fence !== undefined) {
      open = { block: { place, language, text: "" }, fence, indent: indent.length };
      page.blocks.push(open.block);
    } else {
      const heading = /^#+\s+(.*?)\s*#*$/.exec(line)?.[1];
      if (heading !== undefined) page.headings.push(heading);
      page.links.push(...linksOf(line).map((target) => ({ place, target })));
    }
  }
  if (open) throw new Error(`${open.block.place}: the code block has no end.`);
  return page;
}

function linksOf(line: string): string[] {
  const text = line.replace(/`[^`]*`/g, "");
  const inline = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(([, target = ""]) => target);
  const [, definition] = /^\s*\[[^\]]+\]:\s*<?([^\s>]+)/.exec(text) ?? [];
  return definition === undefined ? inline : [...inline, definition];
}

/** The anchors that GitHub gives a page's headings. */
export function anchorsOf({ headings }: Page): string[] {
  const seen = new Map<string, number>();
  return headings.map((heading) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}
