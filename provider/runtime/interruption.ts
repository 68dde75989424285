/**
 * Ctrl-C: Pulumi starts nothing new, sends each provider `Cancel`, and waits for what is on its way. So nothing more is
 * to be sent, and nothing waited for: not the turn of a request, not the pause that GitHub asked for.
 */
import { subscribe } from "node:diagnostics_channel";

export interface Interruption {
  /** Aborted when Pulumi was interrupted. */
  readonly begun: AbortSignal;
  /** Aborted when no answer is waited for any more. */
  readonly patience: AbortSignal;
}

/** What GitHub may have carried out already is worth knowing, but not for long. */
const PATIENCE_MILLISECONDS = 3_000;

export function createInterruption(): Interruption & { begin: () => void } {
  const [begun, patience] = [new AbortController(), new AbortController()];
  return {
    begun: begun.signal,
    patience: patience.signal,
    begin() {
      if (begun.signal.aborted) return;
      begun.abort();
      setTimeout(() => patience.abort(), PATIENCE_MILLISECONDS).unref();
    },
  };
}

/**
 * The SDK's host answers `Cancel` itself and does not pass it on; Node tells of each call that comes in, from 22.17 and
 * 24.2 (https://nodejs.org/api/diagnostics_channel.html#http2). Before that, a second Ctrl-C ends the wait.
 */
export function onCancel(begin: () => void): void {
  subscribe("http2.server.stream.created", (message) => {
    const { headers } = message as { headers?: Record<string, unknown> };
    if (headers?.[":path"] === "/pulumirpc.ResourceProvider/Cancel") begin();
  });
}
