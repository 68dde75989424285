/** A Chainloop deployment is declared once, in what stands for one run of a program. */
import * as pulumi from "@pulumi/pulumi";
import { ChainloopDeployment } from "../../sdk";
import type { ChainloopArtifactKind } from "../../sdk";
import { DIGEST } from "../support/provider";

jest.mock<object>("../../sdk/run", () => ({
  perRun<T>(create: () => T) {
    const value = create();
    return () => value;
  },
}));

beforeAll(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "id", state: {} }), call: () => ({}) }));

test("a kind that is left out and the default are one deployment; another kind, name or environment is another", () => {
  const declare = (name: string, kind?: ChainloopArtifactKind, where = ["production", "shop-web-web"]) => {
    const [environmentName = "", deploymentName = ""] = where;
    const artifact = { artifactName: "ghcr.io/acme/web", artifactDigest: DIGEST };
    return new ChainloopDeployment(name, { environmentName, deploymentName, ...artifact, kind });
  };
  declare("one");
  declare("chart", "HELM_CHART");
  declare("api", undefined, ["production", "shop-web-api"]);
  declare("staging", undefined, ["Production", "shop-web-web"]);
  expect(() => declare("other", "CONTAINER_IMAGE")).toThrow(
    'ChainloopDeployment "one" and ChainloopDeployment "other" declare the same Chainloop deployment record ' +
      "(production, shop-web-web, CONTAINER_IMAGE): each would overwrite the other. Remove one of them.",
  );
});
