/** Loads the files of tests, and anew whatever of the project they require. */
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { relative, sep } from "node:path";
import ts from "typescript";
import { newSuite } from "./suite";
import type { Suite } from "./suite";

/** Node's own, of which its types know nothing. */
interface Compilable {
  _compile(code: string, file: string): void;
}
type Extensions = Record<string, (module: Compilable, file: string) => void>;
const { _extensions: extensions } = Module as unknown as { _extensions: Extensions };

const options = ts.parseJsonConfigFileContent(
  ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path)).config,
  ts.sys,
  ".",
).options;
const compiled = new Map<string, string>();

function compile(fileName: string): string {
  const known = compiled.get(fileName);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileModule(readFileSync(fileName, "utf8"), {
    fileName,
    compilerOptions: { ...options, sourceMap: false, declaration: false },
  });
  compiled.set(fileName, outputText);
  return outputText;
}

const isOurs = (file: string) =>
  file.startsWith(process.cwd() + sep) && !file.includes(`${sep}node_modules${sep}`);

/** Packages stay loaded: that is what makes this quick. */
function forget(): void {
  for (const file of Object.keys(require.cache)) if (isOurs(file)) delete require.cache[file];
}

/** `sources` are loaded first: what runs while they are loaded is not to be taken for part of the first test that needs it. */
export function loadTests(files: string[], sources: string[]): Suite {
  forget();
  const suite = newSuite();
  extensions[".ts"] = (module, file) =>
    suite.declare(files.includes(file) ? relative(process.cwd(), file) : undefined, () =>
      module._compile(compile(file), file),
    );
  const require = createRequire(__filename);
  for (const file of [...sources, ...files]) require(file);
  return suite;
}
