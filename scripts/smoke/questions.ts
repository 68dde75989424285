/** What GitHub's documentation leaves open: each question with the answer that its requests come to. */
import { RateLimitedError } from "../../provider/github/errors";
import type { RecordAnswer } from "../../provider/github/schemas";
import { RequestError } from "../../provider/http/errors";
import type { Records } from "./records";

export interface Clock {
  now: () => number;
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export interface Asking {
  records: Records;
  clock: Clock;
  /** Ctrl-C. */
  signal: AbortSignal;
  /** How long a write took to show: others are given twice as long, and as many lists. */
  lag: { milliseconds: number; lists: number };
}

export interface Question {
  question: string;
  answer: (asking: Asking) => Promise<string>;
}

const PAUSE = 500;
const MOST_PATIENCE = 120_000;
const LEAST_PATIENCE = 3_000;

/** Lists until the test holds; undefined where it does not within the time. */
async function until<T>(
  { clock, signal }: Pick<Asking, "clock" | "signal">,
  patience: { milliseconds: number; lists: number },
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = clock.now() + patience.milliseconds;
  for (let lists = 0; ; lists++) {
    const found = await look();
    if (found !== undefined) return found;
    if (clock.now() >= end && lists >= patience.lists) return undefined;
    await clock.sleep(PAUSE, signal);
  }
}

const patienceOf = ({ lag }: Asking) => ({
  milliseconds: Math.max(LEAST_PATIENCE, 2 * lag.milliseconds),
  lists: 2 * lag.lists + 2,
});

const named = (records: RecordAnswer[], name: string) =>
  records.filter(({ deployment_name }) => deployment_name === name);

async function untilListed(asking: Asking, name: string): Promise<RecordAnswer> {
  const look = async () => named(await asking.records.listed(), name)[0];
  const found = await until(asking, patienceOf(asking), look);
  if (found === undefined) throw new Error(`the deployment ${name} was written and is not listed`);
  return found;
}

export const soon: Question = {
  question: "How soon does a write show in a list?",
  async answer(asking) {
    const { records, clock, lag } = asking;
    await records.deploy("soon");
    const start = clock.now();
    let without = -1;
    const found = await until(asking, { milliseconds: MOST_PATIENCE, lists: 0 }, async () => {
      without++;
      return named(await records.listed(), "soon")[0];
    });
    if (found === undefined) throw new Error(`not within ${MOST_PATIENCE / 1_000} s`);
    Object.assign(lag, { milliseconds: clock.now() - start, lists: without });
    if (without === 0) return "at once";
    return `after ${(lag.milliseconds / 1_000).toFixed(1)} s, and ${without} ${without === 1 ? "list" : "lists"} without it`;
  },
};

const decommissioned: Question = {
  question: "Does a list show decommissioned records?",
  async answer(asking) {
    const { records } = asking;
    await records.deploy("ends");
    await untilListed(asking, "ends");
    await records.deploy("ends", { status: "decommissioned" });
    const look = async () => named(await records.listed(), "ends").length === 0 || undefined;
    return (await until(asking, patienceOf(asking), look)) ? "no" : "yes";
  },
};

const leftOut: Question = {
  question: "Does leaving an entry out of a cluster call retire it?",
  async answer(asking) {
    const { records, clock } = asking;
    await records.deployCluster("smoke-left-out", ["stays", "left-out"]);
    const before = await untilListed(asking, "left-out");
    // Times have whole seconds.
    await clock.sleep(2_000);
    await records.deployCluster("smoke-left-out", ["stays"]);
    const look = async () => {
      const [now] = named(await records.listed(), "left-out");
      return now === undefined || now.updated_at !== before.updated_at || undefined;
    };
    return (await until(asking, patienceOf(asking), look)) ? "yes" : "no";
  },
};

const absent = (field: "cluster" | "physical_environment"): Question => ({
  question: `Is an absent ${field} the same as an empty one?`,
  async answer(asking) {
    const { records } = asking;
    const name = `absent-${field}`;
    const first = await records.deploy(name);
    try {
      const second = await records.deploy(name, { [field]: "" });
      if (first?.id !== undefined && second?.id !== undefined) return first.id === second.id ? "yes" : "no";
    } catch (error) {
      if (error instanceof RequestError && error.status === 422) return "an empty one is refused";
      throw error;
    }
    const look = async () => named(await records.listed(), name).length > 1 || undefined;
    return (await until(asking, patienceOf(asking), look)) ? "no" : "yes";
  },
});

const upserted: Question = {
  question: "Is a storage record that is written again updated?",
  async answer(asking) {
    const { records } = asking;
    const [first, second] = [await records.store(), await records.store()];
    const hasIds = first?.id !== undefined && second?.id !== undefined;
    const look = async () => (await records.stored()).length > 1 || undefined;
    const isAdded = hasIds ? first.id !== second.id : await until(asking, patienceOf(asking), look);
    if (!isAdded) return "yes";
    records.keeps("2 storage records: GitHub adds one where it is written again");
    return "no, there are two";
  },
};

const omitted: Question = {
  question: "Does an update keep the tags that it leaves out?",
  async answer({ records }) {
    await records.deploy("tags", { tags: { smoke: "test" } });
    const answer = await records.deploy("tags");
    if (answer?.tags === undefined) return "the answer does not say";
    return "smoke" in answer.tags ? "yes" : "no";
  },
};

export const questions: Question[] = [
  ...[decommissioned, leftOut, absent("physical_environment"), absent("cluster")],
  ...[upserted, omitted],
];

/** GitHub's limit for requests that create content is 80 a minute. */
const WRITES = 85;

/** It uses up the limit, so it is asked only on request. */
export const limit: Question = {
  question: "Does the limit for creating content (80 a minute) apply?",
  async answer({ records, clock }) {
    const start = clock.now();
    for (let writes = 0; writes < WRITES; writes++) {
      try {
        await records.deploy("limit");
      } catch (error) {
        if (error instanceof RateLimitedError) return `yes, after ${writes} writes`;
        throw error;
      }
    }
    return `no, there were ${WRITES} writes in ${Math.ceil((clock.now() - start) / 1_000)} s`;
  },
};
