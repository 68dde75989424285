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
import { folders } from "./compiled-engine";

/** Compiles what is newer than before. */
export function compileEngine(): void {
  for (const { source, target } of folders) compile(source, target);
}

function compile(source: string, target: string): void {
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
