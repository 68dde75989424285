/** Compiles the TypeScript of all pages in one program, against the package's own declarations. */
import { dirname, join } from "node:path";
import ts from "typescript";
import { repository, type Page } from "./markdown";

const options: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  // As bundlers do it: a block may await at its top, and imports packages as both kinds of program do.
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  resolveJsonModule: true,
  types: ["node", "jest"],
};

/** Users have these; we do not. What they export is taken as it comes. */
const NOT_INSTALLED = ["@pulumi/kubernetes", "@pulumi/docker-build", "@pulumi/eks"];

interface Source {
  text: string;
  /** The place of each line. */
  places: string[];
  /** How many blocks go on: each is in a scope inside the one before. */
  depth: number;
}

/**
 * A block that begins with an import is a file. One without goes on where the page's last one ended: it sees its names,
 * and may declare them again. One whose first line is `// name.ts` is a file that others of its page can import.
 */
function sourcesOf(page: Page): Map<string, Source> {
  const sources = new Map<string, Source>();
  const folder = join(repository, ".blocks", page.path);
  let file = "";
  for (const { place, text } of page.blocks.filter(({ language }) => language === "ts")) {
    const [, name] = /^\/\/ ([\w.-]+\.ts)\n/.exec(text) ?? [];
    const isFile = name !== undefined || /^\s*(?:\/\*.*?\*\/\s*|\/\/.*\n\s*)*import\s/s.test(text);
    if (isFile || file === "")
      file =
        name === undefined
          ? join(repository, `.blocks-${sources.size}-${page.path.replaceAll("/", "-")}.ts`)
          : join(folder, name);
    const known = sources.get(file);
    const [path, first] = place.split(/:(?=\d+$)/);
    const lines = (
      isFile || !known ? text : text.replaceAll(/^export (?=const|function|class|interface|type)/gm, "")
    ).split("\n");
    const places = lines.map((_, index) => `${path}:${Number(first) + index + 1}`);
    if (!known) sources.set(file, { text: lines.join("\n"), places, depth: 0 });
    else
      sources.set(file, {
        text: `${known.text}{\n${lines.join("\n")}`,
        places: [...known.places.slice(0, -1), place, ...places],
        depth: known.depth + 1,
      });
  }
  for (const source of sources.values()) source.text += "}".repeat(source.depth);
  return sources;
}

export function compileBlocks(pages: Page[]): string[] {
  const sources = new Map(pages.flatMap((page) => [...sourcesOf(page)]));
  const ambient = join(repository, ".blocks", "not-installed.d.ts");
  const modules = NOT_INSTALLED.map((name) => `declare module "${name}";`).join("\n");
  sources.set(ambient, { text: modules, places: [], depth: 0 });
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.fileExists = (name) => sources.has(name) || disk.fileExists(name);
  host.readFile = (name) => sources.get(name)?.text ?? disk.readFile(name);
  host.directoryExists = (name) =>
    [...sources.keys()].some((file) => dirname(file) === name) || (disk.directoryExists?.(name) ?? true);
  host.getSourceFile = (name, ...rest) => {
    const source = sources.get(name);
    return source
      ? ts.createSourceFile(name, source.text, ts.ScriptTarget.ES2022, true)
      : disk.getSourceFile(name, ...rest);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const own = [...sources.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  return [...program.getOptionsDiagnostics(), ...own].map(({ file, start = 0, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    if (!file) return message;
    const { line } = file.getLineAndCharacterOfPosition(start);
    return `${sources.get(file.fileName)?.places[line] ?? file.fileName}: ${message}`;
  });
}
