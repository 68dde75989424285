/**
 * What `pulumi <operation> --diff --color never --non-interactive` prints for an event log. The events
 * are Pulumi's own, so that both engines' logs can be shown. Not printed are the CLI's hints that stand
 * outside the events (how to remove a stack that was destroyed).
 */
import type { EngineEvent, Operation } from "../types";
import { renderBegin, renderEnd, type View } from "./step";
import { renderSummary } from "./summary";

export interface DisplayOptions {
  operation: Operation;
  stack: string;
}

const HEADLINES: Record<Operation, string> = {
  preview: "Previewing update",
  up: "Updating",
  refresh: "Refreshing",
  destroy: "Destroying",
};

export function renderDiff(events: EngineEvent[], options: DisplayOptions): string {
  const renderer = createRenderer(options);
  return renderer.headline + events.map((event) => renderer.render(event)).join("");
}

/** The same, one event at a time. */
export function createRenderer(options: DisplayOptions): {
  headline: string;
  render(event: EngineEvent): string;
} {
  const view: View = { operation: options.operation, seen: new Map() };
  let failed = 0;
  return {
    headline: `${HEADLINES[options.operation]} (${options.stack}):\n`,
    render(event) {
      if (event.resOpFailedEvent) failed++;
      if (event.resourcePreEvent) return renderBegin(event.resourcePreEvent.metadata, view);
      if (event.resOutputsEvent) return renderEnd(event.resOutputsEvent.metadata, view);
      if (event.summaryEvent) return renderSummary(event.summaryEvent, failed);
      if (event.stdoutEvent) return event.stdoutEvent.message;
      return renderDiagnostic(event.diagnosticEvent);
    },
  };
}

function renderDiagnostic(diagnostic: EngineEvent["diagnosticEvent"]): string {
  if (!diagnostic || diagnostic.severity === "debug") return "";
  return (diagnostic.prefix ?? "") + diagnostic.message;
}
