/** A program in a project of its own, with the package and Pulumi's SDK in its own node_modules, as a user has it. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "../../..");
const modules = join(repository, "node_modules");
const OWN = "pulumi-artifact-metadata";

/** Development tools of the repository, which a user's project does not get: Pulumi's SDK then uses its own. */
const TOOLS = ["ts-node", "typescript", "@types"];

/** Packages whose place counts are copied; the others are links, which takes no time. */
export function installedProject(program: string): { dir: string; remove(): void } {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "acceptance-project-")));
  cpSync(resolve(__dirname, "../programs", program), dir, { recursive: true });
  const own = join(dir, "node_modules", OWN);
  mkdirSync(own, { recursive: true });
  for (const part of ["dist", "package.json"])
    cpSync(join(repository, part), join(own, part), { recursive: true });
  mkdirSync(join(dir, "node_modules", "@pulumi"));
  cpSync(realpathSync(join(modules, "@pulumi/pulumi")), join(dir, "node_modules/@pulumi/pulumi"), {
    recursive: true,
  });
  for (const name of readdirSync(modules)) {
    if (name !== OWN && name !== "@pulumi" && !name.startsWith(".") && !TOOLS.includes(name))
      symlinkSync(realpathSync(join(modules, name)), join(dir, "node_modules", name));
  }
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
