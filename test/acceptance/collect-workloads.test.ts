/** The life of a set whose deployments are the workloads that the program declares, wherever it declares them. */
import { digestOf } from "./support/declarations";
import { newScene } from "./support/scene";
import { stackTraces } from "./support/stacks";

interface Workload {
  name: string;
  image: string;
}
interface Workloads {
  plain?: Workload[];
  inComponent?: Workload[];
  inApply?: Workload[];
  after?: boolean;
}

const workload = (name: string, image = name): Workload => ({
  name,
  image: `ghcr.io/acme/${image}:1.0.0@${digestOf(image)}`,
});
const env = (workloads: Workloads) => ({ env: { WORKLOADS: JSON.stringify(workloads) } });

test("workloads are recorded as they come, move and go", async () => {
  const { preview, up, github } = await newScene({ program: "workloads" });
  const statuses = () =>
    github
      .deploymentRecords()
      .map(({ deployment_name, status }) => `${deployment_name} ${status}`)
      .sort();
  const first = env({ plain: [workload("web")], inComponent: [workload("api")] });
  expect(await preview(undefined, first)).toMatchObject({
    plan: ["create api", "create fleet", "create shop", "create web"],
    requests: [],
  });
  await up(undefined, first);
  expect(statuses()).toEqual(["shop-api-app deployed", "shop-web-app deployed"]);
  expect(await preview(undefined, first)).toMatchObject({ plan: [], requests: [] });

  // One is added, one removed, one renamed, and one is declared in an apply that the set waits for.
  const next = env({
    plain: [workload("shop-front", "web"), workload("cart")],
    inApply: [workload("late")],
    after: true,
  });
  expect(await up(undefined, next)).toMatchObject({ writes: 1 });
  expect(statuses()).toEqual([
    "shop-api-app decommissioned",
    "shop-cart-app deployed",
    "shop-late-app deployed",
    "shop-shop-front-app deployed",
    "shop-web-app decommissioned",
  ]);
  expect(await preview(undefined, next)).toMatchObject({ plan: [], requests: [] });
});

test("a workload that is declared in an apply without after is an error that names it", async () => {
  const { preview, up } = await newScene({ program: "workloads" });
  const late = env({ plain: [workload("web")], inApply: [workload("late")] });
  for (const run of [preview, up]) {
    const { errors, output } = await run(undefined, { ...late, exitCode: 1 });
    expect(errors.join("\n")).toContain(
      'collectWorkloads: "late" (kubernetes:apps/v1:Deployment) was declared after deployments() was called',
    );
    expect(stackTraces(output)).toEqual([]);
  }
});
