/**
 * The body of an answer, read here and not by Octokit: that takes a body which was cut off for an empty success, has no
 * limit, and to carry large ids as BigInt, it changes keys such as `123n` (json-with-bigint).
 */

/** Ids are numbers, also above 2^53, where JavaScript would round them: they become strings before that. */
const IDS = /"((?:[a-z]+_)?id)"\s*:\s*(\d+)(?=\s*[,}])/g;

const MEGABYTE = 2 ** 20;

/** The most that is read of an answer with no more than a few records. */
export const SMALL_BODY = MEGABYTE;
/** The most that is read of an answer with thousands of records. */
export const LARGE_BODY = 16 * MEGABYTE;

/** Deeper, or of more parts, than any answer: parsed, it could take twenty times its length. */
const MAX_DEPTH = 100;
const MAX_PARTS = 300_000;

/** The bytes of a body; undefined where there are more than so many. @throws where the connection is lost. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream, and so ends the connection.
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What the text says as JSON; a text that is none, or is not said to be, stays as it is. */
export function parseBody(text: string, contentType: string | undefined): unknown {
  if (!/^application\/json\b/i.test(contentType ?? "") || !isModest(text)) return text;
  try {
    // Inside a string, these quotes would have backslashes before them: only keys are matched.
    return JSON.parse(text.replace(IDS, '"$1":"$2"'));
  } catch {
    return text;
  }
}

function isModest(text: string): boolean {
  if (text.length <= MEGABYTE) return true;
  let [depth, parts, inString] = [0, 0, false];
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString && character === "\\") index++;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === "{" || character === "[") {
      if (++depth > MAX_DEPTH || ++parts > MAX_PARTS) return false;
    } else if (character === "}" || character === "]") depth--;
  }
  return true;
}
