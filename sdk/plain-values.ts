import { PLAIN, plainHashes } from "../provider/lifecycle/plain-values";

/** The hidden input that says which nested values an error may repeat. Without any there is no such input. */
export function plainValues(inputs: object): { [PLAIN]?: string } {
  const hashes = plainHashes(inputs, (group) => isPlain(group));
  return hashes === "" ? {} : { [PLAIN]: hashes };
}

/** An entry of a set, its tags or risks, and one of these. What is deeper is no valid input. */
const MAX_DEPTH = 3;

/** Whether there is no output, promise or resource in it, which can be a secret or hold one. */
function isPlain(value: unknown, depth = MAX_DEPTH): boolean {
  if (value === null) return true;
  if (typeof value !== "object") return ["string", "number", "boolean", "undefined"].includes(typeof value);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isCollection = Array.isArray(value) || prototype === null || prototype === Object.prototype;
  return isCollection && depth > 0 && Object.values(value).every((part) => isPlain(part, depth - 1));
}
