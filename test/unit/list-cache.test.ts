import type { GitHubClient } from "../../provider/github/client";
import { ForbiddenError, RateLimitedError, UnreachableError } from "../../provider/github/errors";
import { createListCache } from "../../provider/deployment-record/list-cache";
import { DIGEST } from "../support/provider";

/** Each answer is given when the test gives it. */
function scene() {
  let now = 0;
  const answers: ((failed?: Error) => void)[] = [];
  const client = () =>
    ({
      call: () =>
        new Promise((resolve, reject) => {
          answers.push((failed) => (failed ? reject(failed) : resolve({ data: { deployment_records: [] } })));
        }),
    }) as unknown as GitHubClient;
  const github = client();
  const listing = createListCache(() => now);
  return {
    answers,
    listing,
    ask: (org = "acme") => listing.of(github, org, DIGEST),
    /** Another operation, which has a deadline of its own. */
    askLater: () => listing.of(client(), "acme", DIGEST),
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

const failure = { requestLine: "GET /x" };

test.each([new RateLimitedError("too long", failure), new UnreachableError("too late", failure)])(
  "who has another deadline asks again where the first one ran out of time: %s",
  async (error) => {
    const { ask, askLater, answers } = scene();
    const [first, later] = [ask(), askLater()];
    answers[0]?.(error);
    await expect(first).rejects.toBe(error);
    await expect(ask()).rejects.toBe(error);
    answers[1]?.();
    expect(await later).toEqual([]);
    expect(answers).toHaveLength(2);
  },
);

test("a refusal is not asked for again, whoever asks", async () => {
  const { ask, askLater, answers } = scene();
  const [first, later] = [ask(), askLater()];
  const refused = new ForbiddenError(failure, "no");
  answers[0]?.(refused);
  await expect(first).rejects.toBe(refused);
  await expect(later).rejects.toBe(refused);
  expect(answers).toHaveLength(1);
});
