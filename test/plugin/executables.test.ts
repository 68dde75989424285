/** What the engine starts: a script, and on Windows a batch file, which is expanded here as cmd.exe does. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const source = resolve(__dirname, "../../plugin");
const name = "pulumi-resource-artifact-metadata";

let folder: string;
beforeAll(() => {
  // With a space, as in C:\Program Files.
  folder = mkdtempSync(join(tmpdir(), "program files "));
  for (const file of [name, `${name}.cmd`]) copyFileSync(join(source, file), join(folder, file));
  const main = "console.log(JSON.stringify([__filename, process.argv.slice(2)])); process.exitCode = 7;";
  writeFileSync(join(folder, "main.js"), main);
});
afterAll(() => rmSync(folder, { recursive: true }));

const args = ["127.0.0.1:4711", "-tracing", "a b"];
const startsMain = (command: string, given: string[]) => {
  const { stdout, status } = spawnSync(command, given, { encoding: "utf8" });
  expect([JSON.parse(stdout), status]).toEqual([[join(folder, "main.js"), args], 7]);
};

test("the script starts the plugin beside it with its arguments, and ends with its exit code", () => {
  startsMain(join(folder, name), args);
});

test("the batch file does too: it is one command, whose exit code is its own", () => {
  const text = readFileSync(join(folder, `${name}.cmd`), "utf8");
  const [command = "", ...rest] = text.split("\r\n");
  expect(rest).toEqual([""]);
  // Without @, cmd.exe prints the command, where the engine reads a port.
  expect(command[0]).toBe("@");
  const quotedArgs = args.map((arg) => `"${arg}"`).join(" ");
  const expanded = command.slice(1).replace("%~dp0", `${folder}/`).replace("%*", quotedArgs);
  startsMain("sh", ["-c", expanded]);
});
