/** The API reference is made of the docstrings: it has all that is exported, and each link leads somewhere. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "../..");

test("typedoc makes the reference without a warning", () => {
  const typedoc = join(repository, "node_modules/typedoc/bin/typedoc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, "--emit", "none"], {
    cwd: repository,
    env: { ...process.env, NO_COLOR: "1" },
    encoding: "utf8",
  });
  expect({ said: `${stdout}${stderr}`.trim(), status }).toEqual({ said: "", status: 0 });
});
