/** What the bench asks of the process in which the local GitHub servers run. */

export interface ServerSettings {
  /** Milliseconds that each request takes at least. */
  latency: number;
  /** GitHub's secondary limit on writes; without it there is none. */
  writesAMinute?: number;
}

/** What came in since it was last asked for. */
export interface Traffic {
  writes: number;
  reads: number;
  /** Requests that a limit refused. */
  refused: number;
  /** Records that are deployed now. */
  deployed: number;
}

export interface Opened {
  url: string;
  token: string;
}

export interface Calls {
  open: { ask: ServerSettings & { server: number }; answer: Opened };
  traffic: { ask: { server: number }; answer: Traffic };
  close: { ask: { server: number }; answer: null };
}

export type Call = { [Name in keyof Calls]: { name: Name } & Calls[Name]["ask"] }[keyof Calls];
export type Question = Call & { id: number };
export type Reply = { id: number } & ({ answer: Calls[keyof Calls]["answer"] } | { error: string });
