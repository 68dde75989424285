/** The local engine as JavaScript, for tests that start it as a process: ts-node would compile it at each start. */
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const repository = join(__dirname, "..", "..");
const source = join(repository, "local", "engine");
/** Below node_modules, so that packages are found from there. */
const target = join(repository, "node_modules", ".cache", "local-engine");

export const compiledEngine = join(target, "cli.js");

/** Compiles what is newer than before. */
export function compileEngine(): void {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /\.(ts|cjs)$/.test(name))) {
    const [from, to] = [join(source, file), join(target, file.replace(/\.ts$/, ".js"))];
    if (modified(to) > modified(from)) continue;
    mkdirSync(dirname(to), { recursive: true });
    if (file.endsWith(".cjs")) copyFileSync(from, to);
    else write(to, ts.transpile(readFileSync(from, "utf8"), options, from));
  }
}

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
};

const modified = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Whole or not at all: another run of the tests may start it now. */
function write(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
