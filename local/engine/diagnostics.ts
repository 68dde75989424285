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
  const text = `${stripVTControlCharacters(message)}\n`;
  return {
    diagnosticEvent: { ...more, prefix: PREFIXES[severity], message: text, color: "never", severity },
  };
}

/** A line that the program or the provider host wrote; it still carries its own end. */
export function lineDiagnostic(stream: Stream, line: string): EventBody[] {
  return line.trim() === "" ? [] : [diagnostic(stream === "stdout" ? "info" : "info#err", line)];
}

/** Replaces the stack's secret configuration wherever a diagnostic would show it, also where it is JSON. */
export function secretFilter(secrets: string[]): (event: EventBody) => EventBody {
  const hidden = secrets
    // Short and common values cannot be distinguished from ordinary text: they stay, as in Pulumi.
    .filter((secret) => secret.length >= 3 && !/^(true|false)$/i.test(secret))
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return (event) => {
    const found = event.diagnosticEvent;
    if (found === undefined) return event;
    const message = hidden.reduce((text, secret) => text.replaceAll(secret, "[secret]"), found.message);
    return { ...event, diagnosticEvent: { ...found, message } };
  };
}
