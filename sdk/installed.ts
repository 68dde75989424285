/** A component library can bring this package where Pulumi does not look for it, as pnpm installs it. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { getRootDirectory } from "@pulumi/pulumi/metadata";
import { programError } from "./errors";

const PACKAGE = "pulumi-artifact-metadata";

/** How this process runs the program, as far as this concerns where Pulumi will look for the package. */
export interface ProgramProcess {
  /** What the process runs: of Pulumi's own, `…/@pulumi/pulumi/cmd/run/index.js`. */
  script: string | undefined;
  hasPlugAndPlay: boolean;
  /** The folder of this module. */
  moduleDir: string;
  /** The folder in which Pulumi starts the program, and the provider too. */
  startDir: string;
  /** The folder of `Pulumi.yaml`. */
  rootDir: string;
}

/**
 * The program's folder, if Pulumi will not find the package from there. undefined where that is not certain: in a program
 * that another one runs (Automation API), with a bundled copy of this package, with Yarn's Plug'n'Play.
 */
export function folderWithout(program: ProgramProcess): string | undefined {
  const { script = "", hasPlugAndPlay, moduleDir, startDir, rootDir } = program;
  const isPulumis = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run([\\/]index(\.js)?)?$/.test(script);
  const isBundled = !existsSync(join(moduleDir, "..", "..", "package.json"));
  if (!isPulumis || hasPlugAndPlay || isBundled) return undefined;
  // A program that has changed its folder before it loaded this module still finds it from its root.
  return isFoundFrom(startDir) || isFoundFrom(rootDir) ? undefined : startDir;
}

function isFoundFrom(folder: string): boolean {
  try {
    createRequire(join(folder, "index.js")).resolve(`${PACKAGE}/provider`);
    return true;
  } catch (error) {
    // Whatever else is wrong with it, it is there.
    return (error as { code?: unknown }).code !== "MODULE_NOT_FOUND";
  }
}

/** Programs can change it later. */
const startDir = process.cwd();
let missingFrom: string | undefined | false = false;

/**
 * Without this, Pulumi prints forty lines about a module that it does not find.
 *
 * @param resource How an error names the resource: `DeploymentRecord "web"`.
 * @throws where the provider will not be found
 */
export function assertInstalled(resource: string): void {
  if (missingFrom === false)
    missingFrom = folderWithout({
      script: process.argv[1],
      hasPlugAndPlay: "pnp" in process.versions,
      moduleDir: __dirname,
      startDir,
      rootDir: getRootDirectory(),
    });
  if (missingFrom !== undefined) throw programError(missingMessage(resource, missingFrom));
}

export const missingMessage = (resource: string, folder: string): string =>
  `${resource}: Add ${PACKAGE} to this project's own package.json. Pulumi loads the provider from the program's folder, ` +
  `${folder}, and does not find the package there.`;
