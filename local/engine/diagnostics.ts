/** Diagnostic events, in the shape of Pulumi's event log. */
import { stripVTControlCharacters } from "node:util";
import type { Stream } from "./child";
import type { EngineEvent, EventBody } from "./types";

type Diagnostic = NonNullable<EngineEvent["diagnosticEvent"]>;
export type Severity = Diagnostic["severity"];

const PREFIXES: Partial<Record<Severity, string>> = { warning: "warning: ", error: "error: " };

export function diagnostic(
  severity: Severity,
  message: string,
  more: Pick<Diagnostic, "urn" | "streamID" | "ephemeral"> = {},
): EventBody {
  const prefix = PREFIXES[severity];
  return {
    diagnosticEvent: {
      ...definedOf(more),
      ...(prefix === undefined ? {} : { prefix }),
      message: `${stripVTControlCharacters(message)}\n`,
      color: "never",
      severity,
    },
  };
}

/** A line that the program or the provider host wrote; it still carries its own end. */
export function lineDiagnostic(stream: Stream, line: string): EventBody[] {
  return line.trim() === "" ? [] : [diagnostic(stream === "stdout" ? "info" : "info#err", line)];
}

/** Replaces the stack's secret configuration wherever a diagnostic would show it, also where it is JSON. */
export function secretFilter(secrets: string[]): (event: EventBody) => EventBody {
  const hidden = secrets
    // What is too short or too common to be told from ordinary text stays, as it does in Pulumi.
    .filter((secret) => secret.length >= 3 && !/^(true|false)$/i.test(secret))
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return (event) => {
    const found = event.diagnosticEvent;
    if (found === undefined) return event;
    const message = hidden.reduce((text, secret) => text.replaceAll(secret, "[secret]"), found.message);
    return { ...event, diagnosticEvent: { ...found, message } };
  };
}

function definedOf<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
