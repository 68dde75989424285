/** What a program or a script of the bench is told of its server, and a script in a process of its own. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { stackEnvironment } from "../../local/stack-environment";
import type { BenchServer } from "../server";

export const environmentOf = ({ url, token }: Pick<BenchServer, "url" | "token">) => ({
  GITHUB_API_URL: url,
  GITHUB_TOKEN: token,
  GITHUB_OWNER: "acme",
});

/** Resolves to what the script in ../ways printed. */
export async function runScript(name: string, count: number, server: BenchServer): Promise<string> {
  const env = stackEnvironment({ ...environmentOf(server), COUNT: String(count) });
  const script = join(__dirname, "..", "ways", name);
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env });
  return stdout;
}
