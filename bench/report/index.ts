/** The page that `npm run bench` writes. */
import type { Results } from "../results";
import { label } from "../ways";
import { claimTable } from "./claims";
import { megabytes, number, table } from "./markdown";
import { operationTables } from "./operations";

export function report(results: Results): string {
  const { about } = results;
  return `# Measurements

Written by \`npm run bench\` on ${about.date}: ${about.processor}, ${about.cores} cores, Node ${about.node}, \
@pulumi/pulumi ${about.pulumi}, ${about.engine}. GitHub is the local server, in a process of its own, which takes so \
many milliseconds for each request.

All ways declare the same deployments, each with a digest of its own, and are measured by turns. The **floor** is a \
provider that does nothing, with the same inputs: what Pulumi itself takes. The **dynamic** provider is what a user \
would write with \`pulumi.dynamic\` and Octokit; the loop is a script that writes all records, eight at once. \
"At 80 writes a minute" is the time with GitHub's limit on requests that create content: the minutes that must pass \
are added to what was measured.

![Seconds to create](time.svg)

![Writes to create](writes.svg)

## What is to be kept

${claimTable(results)}

## Operations

${operationTables(results)}

## Their requests alone

What the same requests take at 100 ms each, sent by a script that does nothing else: the digests listed eight at once, \
and all entries in one request.

${requestTable(results)}

## State

${stateTable(results)}

## The provider host, with one set

One check and one diff with one entry changed, called as Pulumi calls them. The seconds are the processor's, without \
the conversion of Pulumi's messages; the memory is the whole process's.

${hostTable(results)}

## Loading

Seconds of the processor, in a new process each time.

${loadingTable(results)}
`;
}

function requestTable({ requests }: Results): string {
  const rows = requests.map(({ count, reads, write, rounds }) => [
    number(count),
    number(reads),
    number(write),
    rounds,
  ]);
  return table(["deployments", "seconds to list", "seconds to write", "rounds"], rows);
}

function stateTable({ sizes }: Results): string {
  const unique = new Map(sizes.map((size) => [`${size.way} ${size.count}`, size]));
  const rows = [...unique.values()].map(({ way, count, bytesARecord, inputBytesARecord }) => [
    label[way],
    number(count),
    Math.round(bytesARecord),
    Math.round(inputBytesARecord),
  ]);
  return table(["way", "deployments", "bytes a deployment", "of which inputs, once"], rows);
}

function hostTable({ hosts }: Results): string {
  const rows = hosts.map(({ way, count, rounds, check, diff, peak }) => [
    way === "set alone" ? `${label.set}, without Pulumi's host` : label[way],
    number(count),
    number(check),
    number(diff),
    megabytes(peak),
    rounds,
  ]);
  return table(["provider", "entries", "check", "diff", "most memory", "rounds"], rows);
}

function loadingTable({ loading }: Results): string {
  const rows = Object.values(loading).map(({ what, median, least, rounds }) => [
    what,
    median.toFixed(3),
    least.toFixed(3),
    rounds,
  ]);
  return table(["what", "median", "least", "rounds"], rows);
}
