const formats = ["markdown", "text", "json"] as const;
export type Format = (typeof formats)[number];

export interface SummaryOptions {
  format: Format;
  /** The headline's first words. */
  title?: string;
  /** In characters, for Markdown. */
  maxLength: number;
}

export const isFormat = (text: string): text is Format => (formats as readonly string[]).includes(text);

/** What GitHub takes as the body of a comment. */
export const MAX_COMMENT = 65_536;

/** The headline and the sentence about what was left out always fit in. */
export const MIN_LENGTH = 1_000;
