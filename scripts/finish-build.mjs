// Completes what the compiler wrote: the plugin's executables and schema, and no declaration that nobody can import.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";

const [build] = process.argv.slice(2);
const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const [source, target] = [join(root, "plugin"), join(build, "plugin")];
for (const name of ["pulumi-resource-artifact-metadata", "pulumi-resource-artifact-metadata.cmd"]) {
  copyFileSync(join(source, name), join(target, name));
  chmodSync(join(target, name), 0o755);
}
const schema = JSON.parse(readFileSync(join(source, "schema.json"), "utf8"));
writeFileSync(join(target, "schema.json"), JSON.stringify({ ...schema, version: manifest.version }));

// The compiler writes it with four spaces a level, which are two thirds of it.
const description = join(build, "local", "github", "openapi.json");
writeFileSync(description, JSON.stringify(JSON.parse(readFileSync(description, "utf8"))));

const entries = Object.values(manifest.exports).flatMap(({ types }) => (types ? [types] : []));
const reached = new Set();
for (const entry of entries) reach(resolve(build, entry.replace("./dist/", "")));
for (const file of readdirSync(build, { recursive: true })) {
  const path = resolve(build, file);
  if (path.endsWith(".d.ts") && !reached.has(path)) rmSync(path);
}

/** The declarations that this one imports, and itself. */
function reach(file) {
  if (reached.has(file)) return;
  reached.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, name] of text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)) {
    const path = resolve(dirname(file), name);
    const found = [`${path}.d.ts`, join(path, "index.d.ts")].find(existsSync);
    if (found !== undefined) reach(found);
  }
}
