/** What Chainloop says reaches a user escaped, clipped and without the token: by the same function as what GitHub says. */
import fc from "fast-check";
import type { Outputs } from "../../provider/chainloop-deployment";
import { MAX_QUOTED } from "../../provider/runtime/untrusted-text";
import { inputs, newScene, refresh } from "../support/chainloop";
import type { Scene } from "../support/chainloop";
import { EVERYTHING_HOSTILE, hostileText, isHarmless, isVisible, textsIn } from "../support/hostile";

const TOKEN = "chainloop-canary-0123456789";

/** What a create and a read of the record say, where a server answers them with this status. */
async function said(scene: Scene, status: number, text: string): Promise<string[]> {
  scene.chainloop.fault({
    when: "before",
    do: { status, body: { message: text, code: 3, details: [text] } },
    times: 2,
  });
  const messages: string[] = [];
  for (const work of [
    () => scene.provider.create(inputs()),
    () => scene.provider.read("production/web/CONTAINER_IMAGE", undefined as never),
  ])
    await work().catch((error: Error) => void messages.push(error.message));
  return [...messages, ...scene.warnings.splice(0)];
}

test.each([400, 401, 403, 404, 422])(
  "a refusal with %i shows nothing that steers, hides or is secret",
  async (status) => {
    const scene = await newScene({ server: { token: TOKEN }, config: { chainloopToken: TOKEN } });
    const check = async (text: string) => {
      const messages = await said(scene, status, `${text} ${TOKEN}`);
      expect(messages).toHaveLength(2);
      for (const message of messages) {
        expect([message, isHarmless(message, 3 * MAX_QUOTED + 700)]).toEqual([message, true]);
        expect(message).not.toContain("canary");
      }
    };
    await check(EVERYTHING_HOSTILE);
    await check("x".repeat(100_000));
    await fc.assert(fc.asyncProperty(hostileText, check), { numRuns: 5 });
  },
);

test("nothing that steers, hides or has no end is kept in a state, nor the token", async () => {
  const scene = await newScene();
  const { id, outs } = await scene.provider.create(inputs());
  let text = "";
  const json = (answer: { deployment_records: { artifact: object }[] }) => ({
    ...answer,
    deployment_records: answer.deployment_records.map((one) => ({
      ...one,
      ...{ id: text, artifact_id: text, environment_id: text, created_at: text, last_seen_at: text },
      artifact: { ...one.artifact, digest: text, name: text, version: text },
    })),
  });
  scene.chainloop.fault({ match: { method: "GET" }, when: "after", do: { json }, times: Infinity });
  const check = async (hostile: string) => {
    text = `${hostile} ${scene.chainloop.token}`;
    const read = await refresh(scene.another(), { id, outs: outs as Outputs });
    expect(read.outs.artifactDigest).not.toBe(inputs().artifactDigest);
    for (const kept of [read.outs, read.inputs].flatMap(textsIn)) {
      expect([kept, isVisible(kept, 1_000)]).toEqual([kept, true]);
      expect(kept).not.toContain(scene.chainloop.token);
    }
  };
  await check(EVERYTHING_HOSTILE);
  await check("x".repeat(100_000));
  await fc.assert(fc.asyncProperty(hostileText, check), { numRuns: 10 });
});
