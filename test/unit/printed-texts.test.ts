/** No message goes round the function that escapes and clips: there is one class of errors, and one way to the log. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ProviderError } from "../../provider/runtime/errors";
import { createRuntime } from "../../provider/runtime/runtime";
import { EVERYTHING_HOSTILE, isHarmless } from "../support/hostile";

const root = resolve(__dirname, "../../provider");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({
    name,
    text: readFileSync(join(root, name), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, ""),
  }));

/** The files of `provider/` in which this stands. */
const withText = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

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
