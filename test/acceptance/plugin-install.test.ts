/** The plugin from its archives, as users of other languages install it: on the Pulumi CLI, from a file and from a server. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { newProject, onYaml, record } from "./support/native-project";

const repository = resolve(__dirname, "../..");
const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };

onYaml("the plugin", () => {
  let archives: string;
  beforeAll(() => {
    archives = mkdtempSync(join(tmpdir(), "archives-"));
    execFileSync(process.execPath, ["scripts/plugin-archives.mjs", archives], { cwd: repository });
  });
  afterAll(() => rmSync(archives, { recursive: true }));

  /** Asks for what the release has, and counts what was asked for. */
  async function startServer() {
    const asked: string[] = [];
    const server = createServer(({ url = "" }, response) => {
      asked.push(url);
      const archive = readFileSync(join(archives, url));
      response.writeHead(200, { "content-length": archive.length }).end(archive);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    return { asked, url: `http://127.0.0.1:${port}`, close: () => server.close() };
  }

  async function runWith(source: string[]) {
    const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
    try {
      const args = ["plugin", "install", "resource", "artifact-metadata", version, ...source];
      const env = { PATH: process.env.PATH, HOME: home, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
      await promisify(execFile)("pulumi", args, { env });
      const project = await newProject({ isInstalled: true, env: { PULUMI_HOME: home } });
      project.write({ web: record() });
      expect((await project.up()).written).toBe(1);
      expect(project.records()).toMatchObject([{ status: "deployed" }]);
    } finally {
      rmSync(home, { recursive: true });
    }
  }

  test("is installed from a file, and writes the records of a program that does not say where it is", () => {
    const name = `pulumi-resource-artifact-metadata-v${version}-linux-amd64.tar.gz`;
    return runWith(["--file", join(archives, name)]);
  });

  test("is installed from a server that has the archives of a release", async () => {
    const server = await startServer();
    await runWith(["--server", server.url]).finally(server.close);
    expect(server.asked).toEqual([
      expect.stringMatching(/^\/pulumi-resource-artifact-metadata-v.*[.]tar[.]gz$/),
    ]);
  });
});
