/** How many are named in one message. */
export const NAMED = 10;

/** The first ten, and how many there are beside them: `a, b …and 3 more`. */
export function firstTen(texts: string[], between: string, and = " …and"): string {
  const more = texts.length > NAMED ? `${and} ${texts.length - NAMED} more` : "";
  return `${texts.slice(0, NAMED).join(between)}${more}`;
}
