/** What is said between a warm process and who started it. */
import type { Stream } from "../../../local/engine/child";

export interface Script {
  script: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** Run this; or end what runs. */
export type ToWorker = Script | { end: true };

export type FromWorker = { stream: Stream; text: string } | { ended: number };
