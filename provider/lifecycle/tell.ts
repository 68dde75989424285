import { setTimeout } from "node:timers/promises";

/** What a provider does beside answering: it tells the user, and it waits. Tests put their own in its place. */
export interface Tell {
  /** Once for the same words (or the same `about`), however many resources have them to say. */
  warn(message: string, about?: string): void;
  info(message: string): void;
  /** Ends early, with an error, where the signal says so. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Milliseconds since 1970. Only ever compared with itself: what concerns records goes by the server's clock. */
  now: () => number;
}

export interface TellOptions {
  warn: (message: string) => void;
  info?: (message: string) => void;
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  now?: () => number;
}

export function createTell(options: TellOptions): Tell {
  const told = new Set<string>();
  return {
    warn(message, about = message) {
      if (told.has(about)) return;
      told.add(about);
      options.warn(message);
    },
    info: options.info ?? (() => undefined),
    sleep: options.sleep ?? ((milliseconds, signal) => setTimeout(milliseconds, undefined, { signal })),
    now: options.now ?? (() => Date.now()),
  };
}
