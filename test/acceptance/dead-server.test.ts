/** GitHub is dead from the start, and the program declares many records. */
import { newScene } from "./support/scene";
import { stackTraces } from "./support/stacks";

const LONG = process.env.LONG !== undefined;
const COUNT = LONG ? 1_000 : 40;
/** Repeats of all requests together, and as many first tries before GitHub is taken for dead. */
const BUDGET = 50;

test.each(LONG ? ["clusters", "records", "set"] : ["clusters"])(
  "6. 500, 502, 503, 504: a run of the engine ends with a sentence each, within the budget (%s)",
  async (KIND) => {
    const { up, github } = await newScene({ program: "many" });
    github.fault({ when: "before", do: "reset", times: Infinity });
    const env = { KIND, COUNT: String(COUNT) };
    const { errors, output, requests } = await up([], { env, exitCode: 1 });
    expect(requests.length).toBeLessThanOrEqual(2 * BUDGET);
    const sentences = errors.filter((error) => !error.includes("update failed"));
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.length).toBeLessThanOrEqual(COUNT);
    // Pulumi writes so of a resource that it saves with its error: GitHub may have carried out what was sent.
    const words = sentences.map((sentence) => sentence.replace(/^1 error occurred:\n\t\* /, ""));
    for (const sentence of words)
      expect(sentence).toMatch(/^POST \/orgs\/acme\/.*(ECONNRESET|GitHub answered none)/);
    expect(stackTraces(output)).toEqual([]);
  },
);
