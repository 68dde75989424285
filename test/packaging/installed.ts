/** The package as a user gets it: packed, and installed into an empty project outside of the repository. */
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

export const repository = resolve(__dirname, "../..");
const run = promisify(execFile);

export interface Manifest {
  name: string;
  version: string;
  bin: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

interface Lock {
  packages: Record<string, { version?: string; link?: boolean }>;
}

export interface Project {
  dir: string;
  /** The package's own folder in it. */
  packageDir: string;
  write(path: string, text: string): void;
  node(...args: string[]): Promise<{ stdout: string; stderr: string }>;
  remove(): void;
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

/**
 * Takes every version from the repository's lock file: after an `npm ci` there, npm has all of them in its cache
 * and needs no network. Nothing is linked, so that whatever is found is found in the project.
 */
export async function installedPackage(): Promise<Project> {
  if (!existsSync(join(repository, "dist"))) throw new Error("There is no dist/: run `npm run build` first.");
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "packaging-")));
  const project: Project = {
    dir,
    packageDir: join(dir, "node_modules", "pulumi-artifact-metadata"),
    write(path, text) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    },
    node: (...args) => run(process.execPath, args, { cwd: dir }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
  try {
    const tarball = await packInto(dir);
    const { manifest, lock } = userProject(tarball);
    project.write("package.json", JSON.stringify(manifest));
    project.write("package-lock.json", JSON.stringify(lock));
    await npm(dir, ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]);
    return project;
  } catch (error) {
    project.remove();
    throw error;
  }
}

/** Packages of a project's own, with their versions. Their scripts would load plugins. */
export async function addPackages({ dir }: Project, packages: readonly string[]): Promise<void> {
  await npm(dir, [
    ...["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"],
    ...packages,
  ]);
}

/**
 * Without scripts: a build would take `dist/` away from the tests that run beside this one.
 *
 * @returns the tarball's name
 */
export async function packInto(destination: string): Promise<string> {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination];
  const { stdout } = await npm(repository, args);
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  if (packed === undefined) throw new Error(`npm pack made no tarball: ${stdout}`);
  return packed.filename;
}

function userProject(tarball: string): { manifest: object; lock: object } {
  const { name, version, bin, dependencies, peerDependencies } = readJson<Manifest>(
    join(repository, "package.json"),
  );
  const { packages } = readJson<Lock>(join(repository, "package-lock.json"));
  const manifest = {
    name: "packaging-test",
    version: "1.0.0",
    dependencies: {
      [name]: `file:${tarball}`,
      "@pulumi/pulumi": packages["node_modules/@pulumi/pulumi"]?.version,
    },
  };
  // npm leaves out what nobody needs, such as the repository's development tools.
  const thirdParty = Object.entries(packages).filter(
    ([path, { link }]) => path.startsWith("node_modules/") && link !== true,
  );
  const lock = {
    lockfileVersion: 3,
    requires: true,
    packages: {
      ...Object.fromEntries(thirdParty),
      "": manifest,
      [`node_modules/${name}`]: { version, resolved: `file:${tarball}`, bin, dependencies, peerDependencies },
    },
  };
  return { manifest, lock };
}

/** Without what `npm test` says of the repository; npm's own settings (registry, cache) hold here too. */
function npm(cwd: string, args: string[]) {
  const env = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle)_|npm_(command|config_local_prefix)$|INIT_CWD$)/.test(name),
  );
  return run("npm", args, { cwd, env: Object.fromEntries(env), maxBuffer: 64 * 1024 * 1024 });
}
