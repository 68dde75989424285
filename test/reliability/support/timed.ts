/** A host and a server whose time passes only where a test lets it pass. */
import { setTimeout as rest } from "node:timers/promises";
import type { GitHubOptions } from "../../../local/github";
import { newSetScene } from "../../support/sets";
import type { SetScene } from "../../support/sets";
import { virtualTime } from "../../support/time";
import type { VirtualTime } from "../../support/time";

export interface TimedScene extends SetScene {
  time: VirtualTime;
  /** When each request was answered, in seconds since the beginning. */
  sentAt: number[];
  seconds: () => number;
  /** Lets time pass until the work has ended. */
  passing: <T>(work: Promise<T>) => Promise<T>;
}

const STEP = 500;

export async function timedScene(
  server: GitHubOptions = {},
  config: Record<string, string> = {},
): Promise<TimedScene> {
  const time = virtualTime();
  const begin = time.now();
  const seconds = () => (time.now() - begin) / 1000;
  const sentAt: number[] = [];
  const onRequest = () => void sentAt.push(seconds());
  const scene = await newSetScene({ now: time.now, onRequest, ...server }, config, time);
  return {
    ...{ ...scene, time, sentAt, seconds },
    async passing(work) {
      let ended = false;
      const watched = work.finally(() => (ended = true));
      watched.catch(() => undefined);
      while (!ended) {
        await rest(1);
        if (time.sleeping > 0 && !ended) await time.advance(STEP);
      }
      return watched;
    },
  };
}
