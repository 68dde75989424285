import { setTimeout } from "node:timers/promises";

/** What a provider does beside answering: it tells the user, and it waits. Tests put their own in its place. */
export interface Tell {
  /** Once for the same words (or the same `about`), however many resources have them to say. */
  warn(message: string, about?: string): void;
  info(message: string): void;
  sleep(milliseconds: number): Promise<void>;
}

export interface TellOptions {
  warn: (message: string) => void;
  info?: (message: string) => void;
  sleep?: (milliseconds: number) => Promise<void>;
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
    sleep: options.sleep ?? ((milliseconds) => setTimeout(milliseconds)),
  };
}
