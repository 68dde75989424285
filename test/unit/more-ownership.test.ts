import { MissingArtifactError, NotFoundError } from "../../provider/github/errors";
import { createRunContext } from "../../provider/create-run-context";
import { createKeyedQueue } from "../../provider/lifecycle/keyed-queue";
import { takenOver } from "../../provider/lifecycle/ownership";
import { listIfAllowed } from "../../provider/lifecycle/removal";
import { createRuntime } from "../../provider/runtime/runtime";
import { DIGEST } from "../support/provider";
import { failureOf } from "../support/sets";

const tick = () => new Promise((resolve) => setImmediate(resolve));
const failure = { requestLine: "GET /x", status: 404 };

test("what arrives in a lane after its first work has ended waits for the second", async () => {
  const lanes = createKeyedQueue();
  const seen: string[] = [];
  const work = (name: string, ticks: number) =>
    lanes("lane", async () => {
      seen.push(`${name} begins`);
      for (let turn = 0; turn < ticks; turn++) await tick();
      seen.push(`${name} ends`);
    });
  const [first, second] = [work("a", 0), work("b", 5)];
  await first;
  await tick();
  await Promise.all([second, work("c", 0)]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("where a time is not known, the reason says which", () => {
  expect(takenOver({}, "2026-01-01T00:00:00Z")).toBe(
    "GitHub does not say when it was written, and this resource wrote it last at 2026-01-01T00:00:00Z",
  );
  expect(takenOver({ updated_at: "2026-01-01T00:00:00Z" }, undefined)).toBe(
    "it was written at 2026-01-01T00:00:00Z, and this resource wrote it last at an unknown time",
  );
});

test("of a digest that GitHub does not know, nothing is listed; what may not be read is not taken for nothing", async () => {
  const warnings: string[] = [];
  const host = createRunContext({ environment: {}, warn: (message) => void warnings.push(message) });
  const list = (error: Error) => () => Promise.reject(error);
  const missing = new MissingArtifactError(DIGEST, failure);
  expect(await listIfAllowed(host, "acme", "it stays", list(missing))).toEqual([]);
  expect(warnings).toEqual([]);
  const hidden = new NotFoundError(failure, "Check acme.");
  expect(await listIfAllowed(host, "acme", "it stays", list(hidden))).toBeUndefined();
  expect(warnings).toEqual([expect.stringMatching(/^The records of acme cannot be read, so it stays\. /)]);
  expect(await failureOf(listIfAllowed(host, "acme", undefined, list(hidden)))).toBe(hidden);
});

test("a host that nobody has configured goes by the environment", () => {
  const host = createRunContext({ environment: { GITHUB_TOKEN: "token" }, warn: () => undefined });
  expect(host.settings()).toMatchObject({ token: "token", baseUrl: "https://api.github.com" });
});

test("a pause ends when nobody waits for it any more", async () => {
  const tell = createRuntime({ warn: () => undefined });
  const end = new AbortController();
  const pause = tell.sleep(3_600_000, end.signal);
  end.abort();
  expect((await failureOf(pause)).name).toBe("AbortError");
});
