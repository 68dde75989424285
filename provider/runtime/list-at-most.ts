/** How many are named in one message. */
export const MAX_LISTED = 10;

/** The first ten, and how many there are beside them: `a, b …and 3 more`. */
export function listAtMost(texts: string[], between: string, and = " …and"): string {
  const more = texts.length > MAX_LISTED ? `${and} ${texts.length - MAX_LISTED} more` : "";
  return `${texts.slice(0, MAX_LISTED).join(between)}${more}`;
}
