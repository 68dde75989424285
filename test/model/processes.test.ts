/** The same with real processes: the engine is killed with SIGKILL while GitHub has a request of its. */
import fc from "fast-check";
import type { CliRunOptions } from "../../local/cli-stack";
import { mixedScene } from "../acceptance/support/mixed";
import { edit } from "./edit";
import { emptyLayout, programOf } from "./layout";
import type { Layout, Program } from "./layout";
import { edits } from "./commands";
import type { Edit } from "./scenario";

const LONG = process.env.LONG !== undefined;
const RUNS = Number(process.env.MODEL_RUNS ?? 20);
const SEED = Number(process.env.MODEL_SEED ?? 0) || Math.floor(Math.random() * 0x7fffffff);

interface Round {
  edits: Edit[];
  /** The write at which everything is killed, before or after GitHub has carried it out. */
  kill: { nth: number; when: "before" | "after" } | undefined;
}

(LONG ? test : test.skip)(
  "killed at any write, the next update ends with what is declared",
  async () => {
    const sequences = fc.sample(fc.array(round(), { minLength: 2, maxLength: 3 }), {
      numRuns: RUNS,
      seed: SEED,
    });
    let killed = 0;
    for (const [index, rounds] of sequences.entries())
      killed += await play(rounds).catch((error: unknown) => {
        throw new Error(`MODEL_SEED=${SEED}, sequence ${index}: ${JSON.stringify(rounds)}`, { cause: error });
      });
    expect(killed).toBeGreaterThan(0);
  },
  30 * 60_000,
);

/** How many runs were killed. */
async function play(rounds: Round[]): Promise<number> {
  let killed = 0;
  const layout = emptyLayout();
  const { scene, github, preview } = await mixedScene({ killable: true });
  for (const { edits: changes, kill } of rounds) {
    for (const one of changes) edit(layout, one);
    const program = inOneStack(layout);
    const things = program.resources.flatMap(({ kind, name, inputs }) =>
      kind === "Other" ? [] : [{ kind, name, args: inputs }],
    );
    const env = { DECLARATIONS: JSON.stringify({ resources: things, outputs: {} }) };
    if (kill) {
      const held = github.fault({ match: { method: "POST", nth: kill.nth }, when: kill.when, do: "hold" });
      const onStart: CliRunOptions["onStart"] = (pid) =>
        void held.arrived.then(() => process.kill(pid, "SIGKILL"));
      const { exitCode } = await scene.stack.up({ env, onStart });
      if (exitCode === -1) killed++;
      held.drop();
      held.remove();
    }
    const { exitCode, output } = await scene.stack.up({ env });
    if (exitCode !== 0) throw new Error(`the run after it has failed:\n${output}`);
    expect(deployed(github.deploymentRecords())).toEqual(declared(program));
    expect(await preview(things)).toMatchObject({ plan: [], requests: [] });
  }
  return killed;
}

/** All that the two stacks of the model declare on GitHub. */
function inOneStack(layout: Layout): Program {
  const records = Object.entries(layout.records).flatMap(([index, placed]) =>
    placed ? [[index, { ...placed, stack: "one" as const }] as const] : [],
  );
  return programOf({ ...layout, chainloop: {}, records: Object.fromEntries(records) }, "one");
}

const deployed = (records: { deployment_name: string; digest: string; status: string; cluster?: string }[]) =>
  records
    .filter(({ status }) => status === "deployed")
    .map(({ deployment_name, digest }) => `${deployment_name} ${digest}`)
    .sort();

const declared = ({ records }: Program) =>
  [...records]
    .filter(([, { status }]) => status === "deployed")
    .map(([key, { digest }]) => `${(JSON.parse(key) as string[])[3]} ${digest}`)
    .sort();

const round = (): fc.Arbitrary<Round> =>
  fc.record({
    edits: edits(),
    kill: fc.option(
      fc.record({
        nth: fc.integer({ min: 1, max: 3 }),
        when: fc.constantFrom("before" as const, "after" as const),
      }),
      { nil: undefined },
    ),
  });
