import type { GitHubClient } from "../../provider/github/client";
import { createListCache } from "../../provider/deployment-record/list-cache";
import { DIGEST } from "../support/provider";

/** Each answer is given when the test gives it. */
function scene() {
  let now = 0;
  const answers: ((failed?: Error) => void)[] = [];
  const github = {
    call: () =>
      new Promise((resolve, reject) => {
        answers.push((failed) => (failed ? reject(failed) : resolve({ data: { deployment_records: [] } })));
      }),
  } as unknown as GitHubClient;
  const listing = createListCache(() => now);
  return {
    answers,
    listing,
    ask: (org = "acme") => listing.of(github, org, DIGEST),
    later: (milliseconds: number) => (now += milliseconds),
  };
}

test("who asks while another one waits for the answer, or soon after it, has the same answer", async () => {
  const { ask, answers, later } = scene();
  const first = ask();
  later(60_000);
  const second = ask("Acme");
  answers[0]?.();
  expect(await first).toBe(await second);
  later(2_000);
  expect(await ask()).toBe(await first);
  expect(answers).toHaveLength(1);
});

test("what was answered longer ago is asked for again: another writer may have come since", async () => {
  const { ask, answers, later } = scene();
  const first = ask();
  answers[0]?.();
  await first;
  later(2_001);
  void ask();
  expect(answers).toHaveLength(2);
});

test("what is forgotten, or another organisation's, is asked for again", async () => {
  const { ask, answers, listing } = scene();
  void ask();
  void ask("other");
  listing.forget("ACME", DIGEST);
  void ask();
  expect(answers).toHaveLength(3);
});

test("one error is the error of all who ask soon", async () => {
  const { ask, answers } = scene();
  const first = ask();
  answers[0]?.(new Error("down"));
  await expect(first).rejects.toThrow("down");
  await expect(ask()).rejects.toThrow("down");
  expect(answers).toHaveLength(1);
});
