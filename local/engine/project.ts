/** `Pulumi.yaml`: what the engine takes from it. */
import { load } from "js-yaml";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { toConfigKey, toConfigValue, type Config } from "./config";

export interface Project {
  name: string;
  /** The folder of Pulumi.yaml. */
  rootDir: string;
  /** The folder in which the program and the provider host run, and from which packages are resolved. */
  programDir: string;
  /** The program's file in that folder, or `.`. */
  entryPoint: string;
  runtime: { typescript: boolean; nodeArgs: string[]; tsconfig?: string };
  /** Values that hold for every stack which does not set its own. */
  config: Config;
}

type Yaml = Record<string, unknown>;

export function readProject(projectDir: string): Project {
  const rootDir = resolve(projectDir);
  const file = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"]
    .map((name) => join(rootDir, name))
    .find((path) => existsSync(path));
  if (file === undefined) throw new Error(`no Pulumi.yaml project file found in ${rootDir}`);
  const yaml = asObject(load(readFileSync(file, "utf8")));
  if (typeof yaml.name !== "string") throw new Error(`${file}: project is missing a 'name' attribute`);
  return {
    name: yaml.name,
    rootDir,
    ...locate(rootDir, yaml.main),
    runtime: readRuntime(file, yaml.runtime),
    config: readConfig(yaml.name, asObject(yaml.config ?? {})),
  };
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

function readRuntime(file: string, yaml: unknown): Project["runtime"] {
  const { name, options } = typeof yaml === "string" ? { name: yaml, options: {} } : asObject(yaml);
  if (name !== "nodejs")
    throw new Error(`${file}: the local engine runs programs of the runtime nodejs only`);
  const { typescript, nodeargs, tsconfig } = asObject(options ?? {});
  return {
    typescript: typescript !== false,
    nodeArgs: typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter((argument) => argument !== "") : [],
    ...(typeof tsconfig === "string" ? { tsconfig } : {}),
  };
}

function readConfig(project: string, yaml: Yaml): Config {
  const entries = Object.entries(yaml).flatMap(([key, declared]): [string, Config[string]][] => {
    const isDeclaration = declared !== null && typeof declared === "object" && !Array.isArray(declared);
    const { value, default: byDefault, secret } = isDeclaration ? (declared as Yaml) : { value: declared };
    const given = value ?? byDefault;
    if (given === undefined || given === null) return [];
    return [[toConfigKey(key, project), { value: toConfigValue(given), secret: secret === true }]];
  });
  return Object.fromEntries(entries);
}

function asObject(value: unknown): Yaml {
  if (value === null || typeof value !== "object") throw new Error("Pulumi.yaml: expected a mapping");
  return value as Yaml;
}
