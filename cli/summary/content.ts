/** From a preview's text to its content: one JSON object, with lines of Pulumi's own around it, or an event in each line. */
import { z } from "zod";
import { UserError } from "../errors";
import { beginning } from "../input";

export const HOW = "Write it with: pulumi preview --json > preview.json";

/** @throws UserError that says what is there instead */
export function parseContent(text: string, from: string): unknown {
  if (text.trim() === "") throw new UserError(`${from} is empty. ${HOW}`);
  const content = parse(text) ?? withinText(text);
  if (content !== undefined) return content;
  const events = eventsIn(text);
  if (events !== undefined) return fromEvents(events, from);
  if (text.trimStart().startsWith("{"))
    throw new UserError(`${from} begins as JSON, but is cut off or continues with something else. ${HOW}`);
  throw new UserError(`${from} is not JSON (it begins with ${beginning(text)}). ${HOW}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Pulumi can print lines around the preview, such as `Installing policy pack …`: the JSON is from a line `{` to a line `}`. */
function withinText(text: string): unknown {
  const start = /^\{\s*$/m.exec(text)?.index;
  const end = text.lastIndexOf("\n}");
  return start === undefined || end < start ? undefined : parse(text.slice(start, end + 2));
}

/** With PULUMI_ENABLE_STREAMING_JSON_PREVIEW, each line is an event. Undefined: no line is one. */
function eventsIn(text: string): unknown[] | undefined {
  const lines = text.split("\n").filter((line) => line.startsWith("{"));
  const events = lines.map(parse);
  return events.some((one) => event.safeParse(one).success) ? events : undefined;
}

const metadata = z.object({
  op: z.string(),
  urn: z.string(),
  old: z.unknown().optional(),
  new: z.unknown().optional(),
});
const diagnostic = z.object({ message: z.string(), severity: z.string() });
const last = z.record(z.string(), z.unknown()).optional();

const event = z
  .object({
    resourcePreEvent: z.object({ metadata }).optional(),
    diagnosticEvent: diagnostic.optional(),
    ...{ preludeEvent: last, summaryEvent: last, cancelEvent: last },
  })
  .refine((one) => Object.values(one).some((part) => part !== undefined));

/** The same as the one object has. Other events say nothing of records. */
function fromEvents(events: unknown[], from: string): unknown {
  const read = events.flatMap((one) => event.safeParse(one).data ?? []);
  if (!read.some(({ summaryEvent, cancelEvent }) => summaryEvent ?? cancelEvent))
    throw new UserError(`${from} has Pulumi's events, but ends before the preview did. ${HOW}`);
  return {
    steps: read.flatMap(({ resourcePreEvent }) => {
      if (resourcePreEvent === undefined) return [];
      const { op, urn, old, new: now } = resourcePreEvent.metadata;
      return [{ op, urn, oldState: old, newState: now }];
    }),
    diagnostics: read.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []),
  };
}
