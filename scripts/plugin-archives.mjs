// Writes the archives from which Pulumi installs the plugin: `node scripts/plugin-archives.mjs FOLDER`, after a build. They
// hold the plugin in one file, with all that it imports, so that it needs nothing but Node.js; each system gets the same.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { build } from "esbuild";

const SYSTEMS = ["darwin", "linux", "windows"];
const ARCHITECTURES = ["amd64", "arm64"];
const NAME = "pulumi-resource-artifact-metadata";

const [target = "archives"] = process.argv.slice(2);
const root = join(import.meta.dirname, "..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const content = mkdtempSync(join(tmpdir(), "plugin-archive-"));

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["plugin/main.ts"],
  outfile: join(content, "main.js"),
  bundle: true,
  platform: "node",
  target: "node20.18",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  plugins: [{ name: "stands-alone", setup: standsAlone }],
});
for (const name of [NAME, `${NAME}.cmd`, "schema.json"])
  copyFileSync(join(root, "dist", "plugin", name), join(content, name));
copyFileSync(join(root, "LICENSE"), join(content, "LICENSE"));
writeFileSync(join(content, "THIRD-PARTY-LICENSES.txt"), licences(Object.keys(metafile.inputs)));

mkdirSync(target, { recursive: true });
const archiveOf = (system, architecture) =>
  resolve(target, `${NAME}-v${version}-${system}-${architecture}.tar.gz`);
const first = archiveOf(SYSTEMS[0], ARCHITECTURES[0]);
execFileSync("tar", ["-czf", first, "-C", content, ...readdirSync(content).sort()]);
rmSync(content, { recursive: true });
for (const system of SYSTEMS)
  for (const architecture of ARCHITECTURES) {
    const archive = archiveOf(system, architecture);
    if (archive !== first) copyFileSync(first, archive);
    console.log(basename(archive));
  }

/** The two modules of the plugin that look for something beside it: here, it is in the file. */
function standsAlone({ onLoad }) {
  onLoad({ filter: /[\\/]plugin[\\/]package\.ts$/ }, () => ({
    contents: `export const version = ${JSON.stringify(version)};`,
    loader: "ts",
  }));
  onLoad({ filter: /[\\/]plugin[\\/]pulumi\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, "utf8")
      .replace(/^const load = .*$/m, "")
      .replaceAll(/\bload\(/g, "require("),
    loader: "ts",
  }));
}

/** Each package that is in the file, with its licence. */
function licences(inputs) {
  const folders = new Set(
    inputs.flatMap((path) => path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((one) => /^licen[sc]e/i.test(one));
    const text =
      file === undefined ? `License: ${license}` : readFileSync(join(root, folder, file), "utf8").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
