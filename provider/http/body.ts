/**
 * The body of an answer, read here and not by Octokit: that takes a body which was cut off for an empty success,
 * and what is no JSON for text; to carry large ids as BigInt, it changes keys such as `123n` (json-with-bigint).
 */
import type { Answer } from "./api";

/** Ids are numbers, also above 2^53, where JavaScript would round them: they become strings before that. */
const IDS = /"((?:[a-z]+_)?id)"\s*:\s*(\d+)(?=\s*[,}])/g;

function parse(text: string): unknown {
  try {
    // Inside a string, these quotes would have backslashes before them: only keys are matched.
    return JSON.parse(text.replace(IDS, '"$1":"$2"'));
  } catch {
    return text;
  }
}

/** An answer whose body is left unread (Octokit reads that of an error itself). A body that is no JSON, or incomplete, is a text. */
export async function withBody(answer: Answer): Promise<Answer> {
  if (!(answer.data instanceof ReadableStream)) return answer;
  const text = await new Response(answer.data as ReadableStream).text().catch(() => "");
  const isJson = /^application\/json\b/i.test(String(answer.headers["content-type"]));
  return { ...answer, data: isJson ? parse(text) : text };
}
