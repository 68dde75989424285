/** `Pulumi.yaml`: what the engine takes from it. */
import { load } from "js-yaml";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";

export interface Project {
  name: string;
  /** The folder of Pulumi.yaml. */
  rootDir: string;
  /** The folder in which the program and the provider host run, and from which packages are resolved. */
  programDir: string;
  /** The program's file in that folder, or `.`. */
  entryPoint: string;
  typescript: boolean;
  /** Executables by package, from `plugins.providers`: Node.js scripts. */
  plugins: Record<string, string>;
}

type Yaml = Record<string, unknown>;

export function readProject(projectDir: string): Project {
  const { file, name, yaml } = readFile(projectDir);
  const rootDir = dirname(file);
  return {
    name,
    rootDir,
    ...locate(rootDir, yaml.main),
    typescript: readTypescript(file, yaml.runtime),
    plugins: readPlugins(rootDir, yaml.plugins),
  };
}

/** The name of a project of any runtime. */
export const readProjectName = (projectDir: string): string => readFile(projectDir).name;

function readFile(projectDir: string): { file: string; name: string; yaml: Yaml } {
  const rootDir = resolve(projectDir);
  const file = join(rootDir, "Pulumi.yaml");
  if (!existsSync(file)) throw new Error(`no Pulumi.yaml project file found in ${rootDir}`);
  const yaml = asObject(load(readFileSync(file, "utf8")));
  if (typeof yaml.name !== "string") throw new Error(`${file}: project is missing a 'name' attribute`);
  return { file, name: yaml.name, yaml };
}

/** `main` is a folder or a file of the project. */
function locate(rootDir: string, main: unknown): Pick<Project, "programDir" | "entryPoint"> {
  if (typeof main !== "string" || main === "") return { programDir: rootDir, entryPoint: "." };
  const path = resolve(rootDir, main);
  if (relative(rootDir, path).startsWith("..")) throw new Error("project 'main' must be a subfolder");
  if (!existsSync(path)) throw new Error(`project 'main' could not be read: ${main}`);
  return statSync(path).isDirectory()
    ? { programDir: path, entryPoint: "." }
    : { programDir: dirname(path), entryPoint: basename(path) };
}

/** Whether the program can be TypeScript. */
function readTypescript(file: string, runtime: unknown): boolean {
  const { name, options } = typeof runtime === "string" ? { name: runtime, options: {} } : asObject(runtime);
  if (name !== "nodejs")
    throw new Error(`${file}: the local engine runs programs of the runtime nodejs only`);
  return asObject(options ?? {}).typescript !== false;
}

function readPlugins(rootDir: string, plugins: unknown): Project["plugins"] {
  const { providers = [] } = asObject(plugins ?? {}) as { providers?: { name: string; path: string }[] };
  const entries = providers.map(({ name, path }) => [
    name,
    resolve(rootDir, path, `pulumi-resource-${name}`),
  ]);
  return Object.fromEntries(entries) as Project["plugins"];
}

function asObject(value: unknown): Yaml {
  if (value === null || typeof value !== "object") throw new Error("Pulumi.yaml: expected a mapping");
  return value as Yaml;
}
