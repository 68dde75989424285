/**
 * Takes out of a built folder what nobody reads there: comments in the JavaScript (the declarations keep them, for editors),
 * three quarters of its indentation, declarations that no entry point leads to, and white space in JSON. See
 * docs/decisions/0006-package.md.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "..");
const dist = resolve(process.argv[2] ?? join(root, ".build"));

interface Manifest {
  exports: Record<string, string | { types: string }>;
}

/** The emitted JavaScript again, without comments. */
function withoutComments(file: string, text: string): string {
  const compilerOptions = {
    removeComments: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Auto,
  };
  return ts.transpileModule(text, { fileName: file, compilerOptions }).outputText;
}

/** With a tab for four spaces, but for lines that begin inside a text. */
function withTabs(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  const inTexts = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateLiteralToken(node)) {
      const [first, last] = [node.getStart(source), node.end].map(
        (position) => source.getLineAndCharacterOfPosition(position).line,
      );
      for (let line = (first ?? 0) + 1; line <= (last ?? 0); line++) inTexts.add(line);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const indented = (line: string) => line.replace(/^( {4})+/, (spaces) => "\t".repeat(spaces.length / 4));
  return text
    .split("\n")
    .map((line, index) => (inTexts.has(index) ? line : indented(line)))
    .join("\n");
}

/** The declarations that a file takes in, with its own. */
function declarationsFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  for (const { fileName } of importedFiles.filter(({ fileName }) => fileName.startsWith("."))) {
    const base = resolve(dirname(file), fileName.replace(/\.js$/, ""));
    const found = [`${base}.d.ts`, join(base, "index.d.ts")].find(existsSync);
    if (found === undefined) throw new Error(`${file} takes in ${fileName}, which is not there.`);
    declarationsFrom(found, seen);
  }
  return seen;
}

function neededDeclarations(): Set<string> {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const needed = new Set<string>();
  for (const entry of Object.values(exports)) {
    if (typeof entry !== "string") declarationsFrom(join(dist, entry.types.replace("./dist/", "")), needed);
  }
  return needed;
}

const needed = neededDeclarations();
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (file.endsWith(".d.ts") && !needed.has(file)) rmSync(file);
  else if (file.endsWith(".js"))
    writeFileSync(file, withTabs(file, withoutComments(file, readFileSync(file, "utf8"))));
  else if (file.endsWith(".json"))
    writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, "utf8"))));
}
