/** docs/troubleshooting.md has what the code says, word by word: no message is missing there, and none is out of date. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as errors from "../../provider/github/errors";
import { ProviderError } from "../../provider/runtime/errors";
import { producers } from "./support/messages";

const page = readFileSync(resolve(__dirname, "../../docs/troubleshooting.md"), "utf8");
const blocks = [...page.matchAll(/^```text\n(.+)\n```$/gm)].map(([, text = ""]) => text);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** `…` stands for anything. */
const isIn = (block: string) => new RegExp(`^${block.split("…").map(escaped).join(".+")}$`);

/** Who started such a job waits for it: the message of this class is never shown. */
const NOT_SHOWN = ["JobConflictError"];

test("every message stands on the page, and every message of the page is one", async () => {
  const said = (await Promise.all(producers.map((produce) => produce()))).flat();
  const missing = said.filter(({ message }) => !blocks.some((block) => isIn(block).test(message)));
  expect(missing).toEqual([]);
  const outOfDate = blocks.filter((block) => !said.some(({ message }) => isIn(block).test(message)));
  expect(outOfDate).toEqual([]);

  const classes = Object.values<unknown>(errors).filter(
    (value) => typeof value === "function" && value.prototype instanceof ProviderError,
  );
  const names = (classes as { name: string }[]).map(({ name }) => name);
  const shown = new Set(said.map(({ kind }) => kind));
  expect(names.filter((name) => !shown.has(name))).toEqual(NOT_SHOWN);
});
