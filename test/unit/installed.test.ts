/** A component library under pnpm: the program is told to install the package itself, but only if that is certain. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { folderWithout, missingMessage, type ProgramProcess } from "../../sdk/installed";

const dir = mkdtempSync(join(tmpdir(), "installed-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const packageJson = JSON.stringify({
  name: "pulumi-artifact-metadata",
  exports: { "./provider": "./provider.js" },
});

/** A folder, with the package beside it or in a folder above, or without it. */
function folder(name: string, packageIn?: string): string {
  const path = join(dir, name);
  mkdirSync(path, { recursive: true });
  if (packageIn !== undefined) {
    const installed = join(dir, packageIn, "node_modules", "pulumi-artifact-metadata");
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, "package.json"), packageJson);
    writeFileSync(join(installed, "provider.js"), "");
  }
  return path;
}

const alone = folder("alone");
const store = folder("alone/node_modules/.pnpm/library/node_modules/pulumi-artifact-metadata/dist/sdk");
writeFileSync(join(store, "../../package.json"), packageJson);

/** A program of Pulumi's own, that has the package from a library. */
const program: ProgramProcess = {
  script: "/work/shop/node_modules/@pulumi/pulumi/cmd/run/index.js",
  hasPlugAndPlay: false,
  moduleDir: store,
  startDir: alone,
  rootDir: alone,
};

test("a program that has the package only through a library is told to add it, and where", () => {
  expect(folderWithout(program)).toBe(alone);
  expect(missingMessage('DeploymentRecord "web"', alone)).toMatch(
    /^DeploymentRecord "web": Add pulumi-artifact-metadata to this project's own package\.json\. /,
  );
});

test.each([
  "C:\\shop\\node_modules\\@pulumi\\pulumi\\cmd\\run\\index.js",
  "/shop/node_modules/.pnpm/@pulumi+pulumi@3.260.0/node_modules/@pulumi/pulumi/cmd/run",
])("Pulumi runs a program with %s", (script) => {
  expect(folderWithout({ ...program, script })).toBe(alone);
});

const linked = folder("linked");
mkdirSync(join(linked, "node_modules"));
symlinkSync(resolve(store, "../.."), join(linked, "node_modules/pulumi-artifact-metadata"), "junction");
writeFileSync(join(store, "../../provider.js"), "");
test.each<[string, Partial<ProgramProcess>]>([
  ["that is installed beside the program", { startDir: folder("own", "own") }],
  ["of a workspace, in a folder above the program", { startDir: folder("workspace/shop", "workspace") }],
  ["that pnpm has linked", { startDir: linked }],
  ["of a program that has changed its folder", { rootDir: folder("own", "own") }],
  ["of an inline program", { script: "/work/deploy.js" }],
  ["of a process without a script", { script: undefined }],
  ["that a bundler has put into the program", { moduleDir: folder("bundled/dist") }],
  ["under Plug'n'Play", { hasPlugAndPlay: true }],
])("nothing is said of a package %s", (_what, more) => {
  expect(folderWithout({ ...program, ...more })).toBeUndefined();
});
