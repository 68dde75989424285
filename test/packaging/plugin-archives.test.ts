/** The archives from which Pulumi installs the plugin: unpacked where there is nothing else, it works. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGitHub } from "../../local/github";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { call } from "../../local/engine/rpc";
import { startPlugin } from "../plugin/support";
import { repository } from "./installed";
import { expectRecord, IMAGE } from "./plugin-record";

const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
const name = "pulumi-resource-artifact-metadata";
const systems = ["darwin", "linux", "windows"].flatMap((system) =>
  ["amd64", "arm64"].map((architecture) => `${system}-${architecture}`),
);

const toEnd: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(toEnd.splice(0).map((end) => end())));

let folder: string;
let content: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "archives-"));
  content = join(folder, "content");
  mkdirSync(content);
  execFileSync(process.execPath, ["scripts/plugin-archives.mjs", join(folder, "archives")], {
    cwd: repository,
  });
  execFileSync("tar", [
    "-xzf",
    join(folder, "archives", `${name}-v${version}-linux-amd64.tar.gz`),
    "-C",
    content,
  ]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("there is one for each system, with the name that Pulumi asks for", () => {
  const expected = systems.map((system) => `${name}-v${version}-${system}.tar.gz`);
  expect(readdirSync(join(folder, "archives")).sort()).toEqual(expected);
});

test("it holds the plugin in one file, and the licences of all that is in it", () => {
  expect(readdirSync(content).sort()).toEqual([
    ...["LICENSE", "THIRD-PARTY-LICENSES.txt", "main.js", name, `${name}.cmd`, "schema.json"],
  ]);
  const licences = readFileSync(join(content, "THIRD-PARTY-LICENSES.txt"), "utf8");
  for (const one of [
    "@grpc/grpc-js",
    "google-protobuf",
    "@pulumi/pulumi",
    "@octokit/auth-app",
    "js-yaml",
    "zod",
  ])
    expect(licences).toMatch(new RegExp(`^${one} \\d+[.]`, "m"));
  expect(licences).not.toContain("License: undefined");
});

test("the plugin in it has the package's version, and writes records", async () => {
  const github = await startGitHub({ attested: "all" });
  const plugin = await startPlugin({}, undefined, join(content, name));
  toEnd.push(() => github.close(), plugin.stop);
  const info = await call<PluginInfo>((done) => plugin.client.getPluginInfo(new Empty(), done));
  expect(info.getVersion()).toBe(version);
  await expectRecord(plugin, github);
  const manifests = `kind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: "${IMAGE}" }] }`;
  expect((await plugin.invoke("deploymentsFromKubernetes", { manifests })).failures).toEqual([]);
  expect(plugin.seen()).not.toContain(github.token);
});
