/** All lives of the cases, the ways by turns: what disturbs the machine for a while disturbs them alike. */
import type { ResourceState } from "../../local/engine/types";
import type { Case, Operation } from "../cases";
import type { Servers } from "../server";
import type { Way } from "../ways";
import { lifeOf, type Life, type NewStack, type Sample } from "./life";
import { median } from "./statistics";

export interface Measured extends Sample {
  case: Case;
  way: Way;
  rounds: number;
}

export interface StateSize {
  way: Way;
  count: number;
  /** Of the resources alone, as JSON without white space, divided by the number of records. */
  bytesARecord: number;
  /** The records' own inputs, as JSON. */
  inputBytesARecord: number;
}

export interface Measurements {
  measured: Measured[];
  sizes: StateSize[];
}

export async function measureCases(
  cases: Case[],
  context: { newStack: NewStack; servers: Servers; say: (line: string) => void },
): Promise<Measurements> {
  const result: Measurements = { measured: [], sizes: [] };
  for (const one of cases) {
    const lives = await livesOf(one, context);
    for (const [way, ofWay] of lives) {
      result.measured.push(...summaries(one, way, ofWay));
      const state = ofWay.at(-1)?.state?.deployment.resources ?? [];
      if (state.length > 0) result.sizes.push(sizeOf(way, one.count, state));
    }
  }
  return result;
}

async function livesOf(one: Case, { newStack, servers, say }: Parameters<typeof measureCases>[1]) {
  const lives = new Map<Way, Life[]>(one.ways.map((way) => [way, []]));
  for (let round = 0; round < one.rounds; round++) {
    // Nobody is always first.
    const turn = round % one.ways.length;
    for (const way of [...one.ways.slice(turn), ...one.ways.slice(0, turn)]) {
      const server = await servers.open(one);
      const life = await lifeOf(newStack, way, one, server).finally(() => server.close());
      lives.get(way)?.push(life);
      const times = life.samples.map(({ operation, seconds }) => `${operation} ${seconds.toFixed(2)} s`);
      say(`${one.count} at ${one.latency} ms, round ${round + 1}, ${way}: ${times.join(", ")}`);
    }
  }
  return lives;
}

function summaries(one: Case, way: Way, lives: Life[]): Measured[] {
  const operations = [...new Set(lives.flatMap(({ samples }) => samples.map(({ operation }) => operation)))];
  return operations.map((operation) => ({
    ...{ case: one, way, operation, rounds: lives.length },
    ...medians(operation, lives),
  }));
}

function medians(operation: Operation, lives: Life[]): Omit<Sample, "operation"> {
  const samples = lives.flatMap((life) => life.samples.filter((sample) => sample.operation === operation));
  const of = (field: "seconds" | "writes" | "reads" | "refused") =>
    median(samples.map((sample) => sample[field]));
  return { seconds: of("seconds"), writes: of("writes"), reads: of("reads"), refused: of("refused") };
}

function sizeOf(way: Way, count: number, resources: ResourceState[]): StateSize {
  const own = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic"));
  const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
  const inputs = own.map(({ inputs: { __provider, deployments, ...rest } = {} }) => deployments ?? rest);
  const sum = (values: unknown[]) => values.reduce<number>((total, value) => total + bytes(value), 0);
  return { way, count, bytesARecord: sum(own) / count, inputBytesARecord: sum(inputs) / count };
}
