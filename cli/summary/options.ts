export interface SummaryOptions {
  format: "markdown" | "text" | "json";
  /** The headline's first words. */
  title?: string;
  /** In characters, for Markdown. */
  maxLength: number;
}

/** What GitHub takes as the body of a comment. */
export const MAX_COMMENT = 65_536;

/** The headline and the sentence about what was left out always fit in. */
export const MIN_LENGTH = 1_000;
