/**
 * Takes out of a built folder what nobody reads there: comments in the JavaScript (the declarations keep them, for editors),
 * indentation, what only entry points need, declarations that none of them leads to, and white space in JSON. See
 * docs/decisions/0006-package.md.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "..");
const dist = resolve(process.argv[2] ?? join(root, ".build"));

interface Manifest {
  exports: Record<string, string | { types: string; default: string }>;
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

/** Without indentation, but for lines that begin inside a text. */
function withoutIndentation(file: string, text: string): string {
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
  return text
    .split("\n")
    .map((line, index) => (inTexts.has(index) ? line : line.replace(/^ +/, "")))
    .join("\n");
}

const MARK = 'Object.defineProperty(exports, "__esModule", { value: true });\n';

/** `exports.a = exports.b = void 0;`: each has its value further down. */
const NAMES = /^exports\.\w+(?: = exports\.\w+)* = void 0;\n/m;

/** Bundlers and ES modules ask for the mark and the names. Our own modules do not ask each other. */
function withoutMarks(file: string, text: string): string {
  return entries.includes(file) ? text : text.replace(MARK, "").replace(NAMES, "");
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

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const targets = Object.values(manifest.exports).filter((entry) => typeof entry !== "string");
const built = (path: string) => join(dist, path.replace("./dist/", ""));
const entries = targets.map((entry) => built(entry.default));
const needed = new Set(targets.flatMap((entry) => [...declarationsFrom(built(entry.types))]));

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (file.endsWith(".d.ts") && !needed.has(file)) rmSync(file);
  else if (file.endsWith(".js")) {
    const text = withoutComments(file, readFileSync(file, "utf8"));
    writeFileSync(file, withoutMarks(file, withoutIndentation(file, text)));
  } else if (file.endsWith(".json"))
    writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, "utf8"))));
}
