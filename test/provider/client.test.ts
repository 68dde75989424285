/** One operation's deadline: from its beginning, with all that it waits for. */
import { listDeploymentRecords, writeDeploymentRecord } from "../../provider/github/deployment-records";
import { createRunContext } from "../../provider/create-run-context";
import { configOf, DIGEST, recordInputs } from "../support/provider";
import { failureOf, newScene } from "../support/scene";
import { deploymentAt, nameAt, newSetScene } from "../support/sets";
import { virtualTime } from "../support/time";

const body = {
  name: "web",
  digest: DIGEST,
  status: "deployed",
  logical_environment: "production",
  deployment_name: "web",
} as const;

async function hostScene(timeoutSeconds = "300") {
  const { github } = await newScene();
  const time = virtualTime();
  const host = createRunContext({ environment: {}, warn: () => undefined, ...time });
  const config = { baseUrl: github.url, token: github.token, timeoutSeconds };
  const long = Object.entries(config).map(([key, value]) => [`artifact-metadata:${key}`, value]);
  host.configure(configOf(Object.fromEntries(long) as Record<string, string>));
  return { github, time, host };
}

test("the deadline begins when the client is asked for, and holds for all of its requests", async () => {
  const { github, time, host } = await hostScene("60");
  const client = host.github();
  await time.advance(59_000);
  await writeDeploymentRecord(client, "acme", body);
  await time.advance(1_000);
  const error = await failureOf(writeDeploymentRecord(client, "acme", body));
  expect(error.message).toBe(
    "POST /orgs/acme/artifacts/metadata/deployment-record was not sent: the deadline passed before it could be sent " +
      "(artifact-metadata:timeoutSeconds, 60 s). Run the same command again.",
  );
  expect(github.requests).toHaveLength(1);
  await listDeploymentRecords(host.github(), "acme", DIGEST);
  expect(github.requests).toHaveLength(2);
});

test("a wait in the lane of a cluster counts", async () => {
  const time = virtualTime();
  const scene = await newSetScene({}, {}, time);
  const held = scene.github.fault({ when: "before", do: "hold" });
  const create = (index: number) =>
    scene.record.create(
      recordInputs({ ...deploymentAt(index), deploymentName: nameAt(index), cluster: "prod-eu" }),
    );
  const first = create(0);
  await held.arrived;
  const second = failureOf(create(1));
  await time.advance(301_000);
  held.release();
  await first;
  expect((await second).message).toMatch(/was not sent: the deadline passed/);
  expect(scene.github.requests).toHaveLength(1);
});

test("a failure shortly before the deadline is not waited for with a pause that passes it", async () => {
  jest.spyOn(Math, "random").mockReturnValue(0.999);
  const { github, time, host } = await hostScene("10");
  github.fault({ when: "before", do: { status: 502 }, times: 9 });
  const client = host.github();
  await time.advance(9_500);
  const error = await failureOf(writeDeploymentRecord(client, "acme", body));
  expect(error.message).toMatch(/502.*another try would be past the deadline.*10 s.*tried once/);
  expect(time.sleeping).toBe(0);
});

test("a pause between tries ends with the operation's real deadline too", async () => {
  jest.spyOn(Math, "random").mockReturnValue(0.5);
  const { github, time, host } = await hostScene("1");
  github.fault({ when: "before", do: { status: 502 }, times: 9 });
  // The clock of the test stands still, so that only the timer of the deadline can end the pause.
  const error = await failureOf(writeDeploymentRecord(host.github(), "acme", body));
  expect(error.message).toMatch(/was not sent again: the deadline passed/);
  expect(github.requests).toHaveLength(1);
  expect(time.sleeping).toBe(0);
});
