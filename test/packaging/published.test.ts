/** What is published: the tarball by the rules of others, the public types, and what comes with it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiReports } from "../../scripts/api-report";
import { packInto, readJson, repository, type Manifest } from "./installed";

const manifest = readJson<Manifest>(join(repository, "package.json"));

test("publint and attw find nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "published-"));
  try {
    const tarball = join(folder, await packInto(folder));
    const linted = execFileSync(process.execPath, [join(__dirname, "lint-tarball.mjs"), tarball], {
      encoding: "utf8",
    });
    expect(JSON.parse(linted)).toEqual({ publint: [], attw: [] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test("the reports of the public types are those of the build", () => {
  const reports = apiReports();
  expect(reports).toHaveLength(3);
  for (const { file, text } of reports) {
    const path = join(repository, file);
    const committed = existsSync(path) ? readFileSync(path, "utf8") : "";
    const hint = "`npm run api` writes it; the change belongs into the changelog";
    expect({ file, hint, text: committed }).toEqual({ file, hint, text });
  }
});

test("at most six packages come along, each with a reason", () => {
  const decision = readFileSync(join(repository, "docs/decisions/0001-dependencies.md"), "utf8");
  const atRunTime = decision.split("## To develop")[0] ?? "";
  const names = Object.keys(manifest.dependencies);
  expect(names.length).toBeLessThanOrEqual(6);
  const explained = [...atRunTime.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  const peers = Object.keys(manifest.peerDependencies);
  expect(explained.toSorted()).toEqual([...names, ...peers].toSorted());
});
