/** What all resources have in common in a program. */
import * as pulumi from "@pulumi/pulumi";
import { ClusterDeploymentSet, DeploymentRecord } from "../../sdk";
import { DIGEST } from "../support/provider";

const LEAKS = "PULUMI_DEBUG_PROMISE_LEAKS";
const TIME = "2026-01-01T00:00:00Z";
const shop = { name: "ghcr.io/acme/web", digest: DIGEST };
const record = { ...shop, org: "acme", logicalEnvironment: "production", deploymentName: "web" };

/** What the engine answers of a set. */
let records: object | undefined;

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ id, inputs }) => ({ id: id ?? "id", state: { ...(inputs as object), records } }),
    call: () => ({}),
  }),
);

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

describe("stack traces", () => {
  const { stackTraceLimit } = Error;
  const prepare = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  afterEach(() => delete process.env[LEAKS]);

  /** How many stack traces with something in them the work takes. */
  function tracesOf(work: () => unknown): number {
    let taken = 0;
    Error.prepareStackTrace = (error, frames) => {
      if (frames.length > 0) taken += 1;
      return `${error.message}\n    at ${frames.length}`;
    };
    work();
    if (prepare) Object.defineProperty(Error, "prepareStackTrace", prepare);
    else Reflect.deleteProperty(Error, "prepareStackTrace");
    return taken;
  }

  test("Pulumi takes them for those who look for leaks, and for the resource's position in the program", () => {
    const declare = () => new DeploymentRecord("web", record);
    const usually = tracesOf(declare);
    process.env[LEAKS] = "true";
    const asked = tracesOf(declare);
    expect(asked).toBeGreaterThan(4 * 16);
    expect(usually).toBeGreaterThan(0);
    expect(usually).toBeLessThan(asked / 10);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  test("an error of Pulumi's says where the resource is declared", () => {
    let error: unknown;
    try {
      new DeploymentRecord("", record);
    } catch (thrown) {
      error = thrown;
    }
    expect((error as Error).message).toMatch(/Missing resource name/);
    expect((error as Error).stack).toMatch(/Missing resource name[^]*resources\.test\.ts/);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });
});

describe("what a set's state keeps of each record", () => {
  const declare = () =>
    new ClusterDeploymentSet("prod-eu", {
      ...{ org: "acme", cluster: "prod-eu", logicalEnvironment: "production" },
      deployments: { "shop-web": shop },
    });

  test.each([
    [{ "shop-web": `1 2 ${TIME}` }, { recordId: "1", attestationId: "2", updatedAt: TIME }],
    [{ "shop-web": `- - ${TIME}` }, { updatedAt: TIME }],
    [{ "shop-web": "1 - -" }, { recordId: "1" }],
    [{ "shop-web": "- - 1 January 2026" }, { updatedAt: "1 January 2026" }],
    // As a program's mocks may give it.
    [{ "shop-web": { recordId: "1" } }, { recordId: "1" }],
  ])("%j has parts in the program", async (state, expected) => {
    records = state;
    const set = declare();
    expect(await valueOf(set.records)).toEqual({ "shop-web": expected });
    expect(await valueOf(set.records.apply((all) => all["shop-web"]?.updatedAt))).toBe(
      (expected as { updatedAt?: string }).updatedAt,
    );
  });

  test("is nothing where the engine says nothing", async () => {
    records = undefined;
    expect(await valueOf(declare().records)).toEqual({});
  });
});
