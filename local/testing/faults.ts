/** What can go wrong on the way to a server, as far as a user's test needs it. */
import { secondaryLimit } from "../github";
import { errorBody } from "../github/answer";
import type { FaultAction, FaultHandle, FaultOptions } from "../http/faults";
import type { TestAnswer, TestFault, TestFaultOptions } from "./types";

const METHODS = { read: "GET", write: "POST", all: undefined };

type ErrorBody = (status: number, message?: string) => object;

/**
 * @param body The form of the server's errors: GitHub's, unless it is another one.
 * @throws Error where a value is out of its range.
 */
export function faultOptions(options: TestFaultOptions, body: ErrorBody = errorBody): FaultOptions<never> {
  const { requests = "all", answer, afterWriting = false, times = 1 } = options;
  if (!(times >= 1)) throw new Error(`fault: times is ${times}; it has to be 1 or more.`);
  const method = METHODS[requests];
  return {
    ...(method === undefined ? {} : { match: { method } }),
    when: afterWriting ? "after" : "before",
    do: action(answer, body),
    times,
  };
}

export function testFault(handle: FaultHandle): TestFault {
  return {
    get hits() {
      return handle.hits;
    },
    remove: () => handle.remove(),
  };
}

function action(answer: TestAnswer, bodyOf: ErrorBody): FaultAction {
  if (answer === "connection-reset") return "reset";
  if (answer === "no-answer") return "never-answer";
  if ("secondaryLimit" in answer) {
    return secondaryLimit({ retryAfter: answer.secondaryLimit.retryAfterSeconds });
  }
  if ("delayMilliseconds" in answer) return { delay: answer.delayMilliseconds };
  const { status, message, headers = {} } = answer;
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new Error(`fault: status is ${status}; it has to be from 200 to 599.`);
  return { status, headers, body: bodyOf(status, message) };
}
