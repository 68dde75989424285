/**
 * Locks for lanes that several processes use. Each provider of a program is a process, and a record can move from one to
 * the other: without a lock, one could remove what the other has just written.
 */
import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { KeyedQueue } from "../provider/lifecycle/keyed-queue";
import { ProviderError } from "../provider/runtime/errors";

const RETRY_MILLISECONDS = 25;
/** How often the owner of a lock shows that it is alive, and after how long without that it is not. */
const BEAT_MILLISECONDS = 5_000;
const DEAD_MILLISECONDS = 60_000;

export interface LockOptions {
  /** What the processes of one run have in common. */
  run: string;
  /** Aborted when nothing more is sent: waiting for a lock ends then. */
  interrupted: AbortSignal;
  folder?: string;
}

/** The queue, whose lanes are this process's alone only while it has the lock. */
export function withLocks(queue: KeyedQueue, options: LockOptions): KeyedQueue {
  const acquire = createLocks(options);
  const enqueue = <T>(key: string, work: () => Promise<T>, canOverlap?: () => boolean): Promise<T> =>
    queue(
      key,
      async () => {
        const release = await acquire(key);
        return work().finally(release);
      },
      canOverlap,
    );
  return Object.assign(enqueue, { recheck: (key: string) => queue.recheck(key), isShared: true });
}

interface Held {
  count: number;
  file: Promise<string | undefined>;
}

/** @returns what takes a lock, and resolves to what gives it back; work that overlaps shares one. */
function createLocks({ run, interrupted, folder = defaultFolder() }: LockOptions) {
  const held = new Map<string, Held>();
  let isReady = false;

  return async (lane: string): Promise<() => void> => {
    if (!isReady) prepare(folder);
    isReady = true;
    const name = createHash("sha256").update(`${run}\n${lane}`).digest("hex").slice(0, 32);
    const lock = held.get(lane) ?? { count: 0, file: take(join(folder, name), interrupted) };
    held.set(lane, lock);
    lock.count++;
    const file = await lock.file;
    const beat = setInterval(() => touch(file), BEAT_MILLISECONDS).unref();
    return () => {
      clearInterval(beat);
      if (--lock.count > 0) return;
      held.delete(lane);
      if (file !== undefined) rmSync(file, { force: true });
    };
  };
}

/** Each user has a folder: another one's files say nothing here, and cannot be trusted. */
const defaultFolder = (): string => join(tmpdir(), `pulumi-artifact-metadata-${userInfo().username}`);

function prepare(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid } = statSync(folder);
    if (process.getuid !== undefined && uid !== process.getuid())
      throw new Error("it belongs to another user");
    // What a process that was killed has left, in a run that has ended since.
    for (const name of readdirSync(folder))
      if (isOld(join(folder, name))) rmSync(join(folder, name), { force: true });
  } catch (error) {
    throw new ProviderError(
      `The folder ${folder} cannot be used for locks between the processes of this run: ${(error as Error).message}. ` +
        "Set the environment variable TMPDIR to a folder that is writable for this user.",
    );
  }
}

/** Undefined where the wait was given up. */
async function take(file: string, interrupted: AbortSignal): Promise<string | undefined> {
  while (!interrupted.aborted) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (isDead(file)) discard(file);
    else await sleep(RETRY_MILLISECONDS);
  }
  return undefined;
}

/** Two processes can find the same owner dead: only one of them moves its lock away. */
function discard(file: string): void {
  const away = `${file}-${process.pid}`;
  try {
    renameSync(file, away);
    rmSync(away, { force: true });
  } catch {
    // The other one was first.
  }
}

function isDead(file: string): boolean {
  try {
    return isOld(file) || !isAlive(Number(readFileSync(file, "utf8")));
  } catch {
    // It was given back meanwhile.
    return false;
  }
}

const isOld = (file: string): boolean => Date.now() - statSync(file).mtimeMs > DEAD_MILLISECONDS;

function isAlive(pid: number): boolean {
  // Its owner has made the file, and not written it yet.
  if (pid === 0) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function touch(file: string | undefined): void {
  try {
    if (file !== undefined) utimesSync(file, new Date(), new Date());
  } catch {
    // Somebody has cleaned up the folder: then there is no lock to keep alive.
  }
}
