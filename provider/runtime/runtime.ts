import { setTimeout } from "node:timers/promises";
import type { Interruption } from "./interruption";
import { safeMessage } from "./untrusted-text";

/** What a provider does beside answering: it tells the user, and it waits. Tests put their own in its place. */
export interface Runtime {
  /** Once for the same words (or the same `about`), however many resources have them to say. */
  warn(message: string, about?: string): void;
  info(message: string): void;
  /** What several messages have in common: the text for the first of them, then nothing. */
  once(text: string): string;
  /** Ends early, with an error, where the signal says so. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  interruption?: Interruption;
  /** Milliseconds since 1970. Only ever compared with itself: what concerns records goes by the server's clock. */
  now: () => number;
}

/** A clock that is set back during a run would make everybody wait for as long. */
const monotonicNow = () => Math.round(performance.timeOrigin + performance.now());

export interface RuntimeOptions {
  warn: (message: string) => void;
  info?: (message: string) => void;
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  now?: () => number;
  interruption?: Interruption;
}

export function createRuntime(options: RuntimeOptions): Runtime {
  const seen = new Set<string>();
  const isNew = (text: string) => !seen.has(text) && seen.add(text);
  return {
    warn(message, about = message) {
      if (isNew(about)) options.warn(safeMessage(message));
    },
    once: (text) => (isNew(text) ? text : ""),
    info: (message) => options.info?.(safeMessage(message)),
    sleep: options.sleep ?? ((milliseconds, signal) => setTimeout(milliseconds, undefined, { signal })),
    interruption: options.interruption,
    now: options.now ?? monotonicNow,
  };
}
