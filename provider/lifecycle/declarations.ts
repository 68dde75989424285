/**
 * What this run knows of the records that the program declares. A removal is decided by it: no record that a resource
 * of the program declares is decommissioned (docs/decisions/0002-ownership.md).
 */
import { hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Runtime } from "../runtime/runtime";

export type Declared =
  /**
   * Declared, and not written: not checked yet, not reached, or its write failed. `isElsewhere`: by a resource of another
   * instance of the provider, which is another process: what it writes is not seen here.
   */
  | { kind: "open"; isElsewhere?: boolean }
  /**
   * Its diff found nothing to write. `isOvertaken`: a background job of an earlier run has written something else since, or
   * removed it.
   */
  | { kind: "unchanged"; content: object; isOvertaken?: boolean }
  | { kind: "written"; content?: object }
  /** Its write found no artifact, and `onMissingArtifact` is `warn`. */
  | { kind: "not recorded" }
  /** Nobody declares it, and this run has removed it. */
  | { kind: "removed" };

export interface Declarations {
  /**
   * What the program's constructors say that it declares: 8 characters for each record, joined; after a dot, those of
   * resources of other provider instances; after a bar, those of the resource itself (`announced` in sdk/declared.ts).
   */
  announce(hashes: unknown): void;
  /**
   * A resource was checked, and these are its records. Others that its constructor has announced are nobody's: a transform
   * or `ignoreChanges` has changed their identity.
   */
  withdrawOthers(hashes: unknown, keys: readonly string[]): void;
  /** A resource that declares this record was checked, or is about to write it. */
  declare(key: string, how?: "as new"): void;
  /**
   * Its diff found nothing to write; `content` is what is declared. Before anything declares the record, the diff is a
   * refresh's, of what the state has (`up --refresh`, `destroy --refresh`), and says nothing.
   */
  unchanged(key: string, content: object): void;
  /** What is known of it; undefined where nobody declares it. */
  of(key: string): Declared | undefined;
  /** `content`: what was written of it, for `overtaken`. */
  settle(key: string, kind: "open" | "written" | "not recorded" | "removed", content?: object): void;
  /**
   * A background job of an earlier run has ended, and may have written or removed this record, which its set gives up. Whether
   * the set has to write what is declared: a resource that declares it has come before, and will not write it any more.
   */
  overtaken(key: string): boolean;
  /** Runs a write of these records. While it runs, `settled` waits for it. */
  during<T>(keys: readonly string[], write: () => Promise<T>): Promise<T>;
  /** Resolves when none of these is open, or when nothing more comes from the engine that could change that. */
  settled(keys: readonly string[]): Promise<void>;

  /**
   * The record was removed, is about to be, or is no longer this resource's: a diff that declares it has changes until it
   * is written. `kept`: what the resource had of it, for `takeKept`.
   */
  markLost(key: string, kept?: object): void;
  /** Whether the record was marked as lost in this run and not written since. */
  isLost(key: string): boolean;
  anyLost(): boolean;
  /** What a resource had that was deleted before its replacement is created; undefined once it was taken. */
  takeKept(key: string): object | undefined;

  /**
   * A diff found changes: what follows is an update, a create, or a deletion before the create. Not after a refresh's.
   * `newKey`: undefined where it is not known yet.
   */
  changing(oldKey: string, newKey: string | undefined): void;
  /** The create or the update has begun. */
  begun(key: string): void;
  /**
   * Whether a deletion now is one before the replacement is created. With `--replace` Pulumi asks for no diff: then it is
   * likely where the same record was checked as new and not written, unless a write has failed, for then Pulumi can have left
   * the create out (`--continue-on-error`). What failed outside of this package is not known here. Where the replacement has
   * another record, it is likely too: the former one is another resource's to write. So it is where the new record is not
   * known yet: Pulumi deletes the resource with what it depends on, and creates it only once that is done.
   */
  isReplacing(oldKey: string): "certain" | "likely" | undefined;
}

/** Of each record 8 characters: 48 bits, so that ten thousand records collide once in millions of programs. */
const HASH_LENGTH = 8;

export const hashOf = (key: string): string => hash("sha256", key, "base64url").slice(0, HASH_LENGTH);

/** Adds each of the hashes that are joined in this text. */
export function addHashes(to: Set<string>, hashes: string): void {
  for (let at = 0; at < hashes.length; at += HASH_LENGTH) to.add(hashes.slice(at, at + HASH_LENGTH));
}

const partsOf = (hashes: unknown): string[] => (typeof hashes === "string" ? hashes.split("|") : []);

/** Pauses without a call from the engine after which nothing more is expected. */
const QUIET_PAUSES = 10;
const PAUSE_MILLISECONDS = 100;

export function createDeclarations(runtime: Pick<Runtime, "sleep" | "interruption">): Declarations {
  const announced = new Set<string>();
  const elsewhere = new Set<string>();
  const withdrawn = new Set<string>();
  const declared = new Map<string, Declared>();
  const writing = new Map<string, Promise<void>>();
  const lost = new Map<string, object | undefined>();
  const replacing = new Set<string>();
  const checkedAsNew = new Set<string>();
  let anyFailed = false;
  const replaces = new Map<string, string>();
  let lastAnnounced: unknown;
  let calls = 0;

  const of = (key: string): Declared | undefined => {
    const known = declared.get(key);
    if (known !== undefined && known.kind !== "removed") return known;
    if (announced.size + elsewhere.size === 0) return known;
    const hashed = hashOf(key);
    if (announced.has(hashed) && !withdrawn.has(hashed)) return { kind: "open" };
    return elsewhere.has(hashed) ? { kind: "open", isElsewhere: true } : known;
  };
  const isOpen = (key: string) => of(key)?.kind === "open";
  /** Nothing was checked so far: what is compared is the state with what a refresh found. */
  const isRefresh = () => declared.size === 0 && announced.size + elsewhere.size === 0;

  return {
    announce(hashes) {
      // All resources of a program say the same.
      const [all] = partsOf(hashes);
      if (all === undefined || all === lastAnnounced) return;
      lastAnnounced = all;
      const [here = "", others = ""] = all.split(".");
      addHashes(announced, here);
      addHashes(elsewhere, others);
    },
    withdrawOthers(hashes, keys) {
      const [, own = ""] = partsOf(hashes);
      if (own === "") return;
      const others = new Set<string>();
      addHashes(others, own);
      for (const key of keys) others.delete(hashOf(key));
      for (const hashed of others) withdrawn.add(hashed);
    },
    declare(key, how) {
      calls++;
      if (how === "as new") checkedAsNew.add(key);
      const kind = declared.get(key)?.kind;
      if (kind === undefined || kind === "removed" || kind === "not recorded")
        declared.set(key, { kind: "open" });
    },
    unchanged(key, content) {
      calls++;
      if (of(key) === undefined) return;
      checkedAsNew.delete(key);
      declared.set(key, { kind: "unchanged", content });
    },
    of,
    settle(key, kind, content) {
      declared.set(key, kind === "written" ? { kind, content } : { kind });
      anyFailed ||= kind === "open";
      if (kind === "written") lost.delete(key);
      else if (kind === "removed") lost.set(key, lost.get(key));
    },
    overtaken(key) {
      const known = of(key);
      if (known?.kind === "open" && !known.isElsewhere) lost.set(key, lost.get(key));
      // Nobody declares it: what the job has written is the set's to remove.
      if (known?.kind === "removed") declared.delete(key);
      if (known?.kind !== "written" && known?.kind !== "unchanged") return false;
      if (known.content === undefined) return false;
      declared.set(key, { kind: "unchanged", content: known.content, isOvertaken: true });
      return true;
    },
    async during(keys, write) {
      calls++;
      const written = write();
      const ended = written.then(
        () => undefined,
        () => undefined,
      );
      for (const key of keys) writing.set(key, ended);
      try {
        return await written;
      } finally {
        calls++;
        for (const key of keys) if (writing.get(key) === ended) writing.delete(key);
      }
    },
    async settled(keys) {
      for (let [quiet, seen] = [0, calls]; quiet < QUIET_PAUSES && keys.some(isOpen);) {
        if (runtime.interruption?.begun.aborted) return;
        await Promise.all(keys.map(async (key) => writing.get(key)));
        await runtime.sleep(PAUSE_MILLISECONDS, runtime.interruption?.begun).catch(() => undefined);
        // Whatever a pause is, calls of the engine come in between.
        await setImmediate();
        quiet = seen === calls ? quiet + 1 : 0;
        seen = calls;
      }
    },
    markLost: (key, kept) => void lost.set(key, kept ?? lost.get(key)),
    isLost: (key) => lost.has(key),
    anyLost: () => lost.size > 0,
    takeKept(key) {
      const kept = lost.get(key);
      if (kept !== undefined) lost.set(key, undefined);
      return kept;
    },
    changing(oldKey, newKey) {
      calls++;
      if (isRefresh()) return;
      checkedAsNew.delete(newKey ?? oldKey);
      replacing.add(oldKey);
      if (newKey === undefined) replaces.delete(oldKey);
      else replaces.set(newKey, oldKey);
    },
    begun(key) {
      calls++;
      checkedAsNew.delete(key);
      replacing.delete(key);
      replacing.delete(replaces.get(key) ?? key);
    },
    isReplacing(oldKey) {
      if (replacing.has(oldKey)) return replaces.get(oldKey) === oldKey ? "certain" : "likely";
      return !anyFailed && checkedAsNew.has(oldKey) ? "likely" : undefined;
    },
  };
}
