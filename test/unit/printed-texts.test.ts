/** No message goes round the function that escapes and clips: there is one class of errors, and one way to the log. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { ProviderError } from "../../provider/runtime/errors";
import { createRuntime } from "../../provider/runtime/runtime";
import { quoted, shown } from "../../provider/workloads/quote";
import { deploymentsFromContainers, deploymentsFromKubernetes } from "../../sdk";
import { programError } from "../../sdk/errors";
import { info, warn } from "../../sdk/log";
import { EVERYTHING_HOSTILE, hostileText, isHarmless } from "../support/hostile";

const filesOf = (folder: string) => {
  const root = resolve(__dirname, "../..", folder);
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({
      name,
      text: readFileSync(join(root, name), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, ""),
    }));
};
const files = filesOf("provider");

/** The files of a folder in which this stands. */
const withText = (pattern: RegExp, of = files) =>
  of.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

test("nothing is printed but through the engine's log, and that has one user", () => {
  expect(files.length).toBeGreaterThan(60);
  expect(withText(/\bconsole\b|process\.(stdout|stderr)|process\.emitWarning/)).toEqual([]);
  expect(withText(/pulumi\/log/)).toEqual(["runtime/log.ts"]);
  expect(withText(/from "[./]+(runtime\/)?log"/)).toEqual(["index.ts", "runtime/lazy-provider.ts"]);
  expect(withText(/\{ logsSent \} from ".\/log"/)).toEqual(["runtime/lazy-provider.ts"]);
});

test("every error that is thrown is a ProviderError", () => {
  // Two are caught by the module that throws them, and never shown.
  expect(withText(/extends Error\b/)).toEqual([
    "http/recheck.ts",
    "runtime/errors.ts",
    "workloads/context.ts",
  ]);
  expect(
    withText(/new (Type|Range|Syntax|Aggregate)?Error\(/).filter((name) => !ALLOWED.includes(name)),
  ).toEqual([]);
});

/** Errors of a fixed text, and of what goes into a warning. */
const ALLOWED = ["deployment-record/batch.ts", "lifecycle/attestation-lookup.ts"];

test("an error, a warning and an information go through the function", () => {
  const said: string[] = [new ProviderError(EVERYTHING_HOSTILE).message];
  const say = (message: string) => void said.push(message);
  const runtime = createRuntime({ warn: say, info: say });
  runtime.warn(EVERYTHING_HOSTILE);
  runtime.info(EVERYTHING_HOSTILE);
  expect(said.map((text) => isHarmless(text, 10_000))).toEqual([true, true, true]);
});

test("the clock of the waits does not go back with the machine's", () => {
  const { now } = createRuntime({ warn: () => undefined });
  const before = now();
  jest.spyOn(Date, "now").mockReturnValue(0);
  expect(now()).toBeGreaterThanOrEqual(before);
  jest.restoreAllMocks();
});

test("what the program's side prints or ends with goes through one function each", () => {
  const sdk = filesOf("sdk");
  expect(withText(/\bconsole\b|process\.(stdout|stderr)|process\.emitWarning/, sdk)).toEqual([]);
  expect(withText(/pulumi\/log|pulumi\.log\b/, sdk)).toEqual(["log.ts"]);
  expect(withText(/new (pulumi\.)?(RunError|ResourceError)\(|\bError\b.*\bextends\b/, sdk)).toEqual([
    "errors.ts",
  ]);
  // Of a fixed text.
  expect(withText(/new (Type|Range|Syntax|Aggregate)?Error\(/, sdk)).toEqual(["provider-settings.ts"]);
});

test("what the command prints beside its output goes through it too", () => {
  const cli = filesOf("cli");
  expect(withText(/\bconsole\b/, cli)).toEqual([]);
  const printing = cli.flatMap(({ text }) => text.match(/stderr\.write\(\s*.*/g) ?? []);
  expect(printing.length).toBeGreaterThanOrEqual(3);
  expect(printing.filter((line) => !/^stderr\.write\(\s*`(error: )?\$\{safeMessage\(/.test(line))).toEqual(
    [],
  );
});

test("an error of a program and what it logs are harmless, with one line for each problem", () => {
  const said = [
    programError(`2 problems:\n- ${EVERYTHING_HOSTILE.replaceAll(/\n/g, "")}\n- b`).message.split("\n"),
  ];
  for (const level of ["warn", "info"] as const) {
    const spy = jest.spyOn(pulumi.log, level).mockResolvedValue(undefined);
    ({ warn, info })[level](EVERYTHING_HOSTILE);
    said.push(spy.mock.calls.map(([text]) => text));
  }
  jest.restoreAllMocks();
  expect(said.map((lines) => lines.length)).toEqual([3, 1, 1]);
  for (const text of said.flat()) expect([text, isHarmless(text, 10_000)]).toEqual([text, true]);
});

test("names in manifests are quoted by the same function, whatever they hold", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      for (const said of [quoted(text), shown(text)])
        expect([said, isHarmless(said, 300)]).toEqual([said, true]);
      for (const read of [deploymentsFromKubernetes, deploymentsFromContainers]) {
        const name = `${text}x`;
        const pod = { kind: "Pod", metadata: { name }, spec: { containers: [{ name, image: name }] } };
        const task = {
          family: name,
          containerDefinitions: [
            { name, image: name },
            { name, image: text },
          ],
        };
        const lines = problemsOf(() => read((read === deploymentsFromKubernetes ? pod : task) as never));
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect([line, isHarmless(line, 1_500)]).toEqual([line, true]);
      }
    }),
    { numRuns: 50 },
  );
});

test("several workloads that are wrong are a line each", () => {
  expect(problemsOf(() => deploymentsFromContainers([{ a: 1 }, { b: 2 }] as never))).toEqual([
    "deploymentsFromContainers: 2 problems:",
    expect.stringMatching(/^- an object is not a workload \(item 1; keys a\)/),
    expect.stringMatching(/^- an object is not a workload \(item 2; keys b\)/),
  ]);
});

function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}
