/** The demo's steps: what a user does and why, and the server's records afterwards. */
import type { GitHub } from "../github";
import type { RunResult, Stack } from "../stack";

export const ORG = "acme";
const digest = (hex: string): string => `sha256:${hex.repeat(64)}`;
const WEB_1 = digest("a");
const WEB_2 = digest("b");
const CART = digest("c");

export const ATTESTED = [WEB_1, WEB_2, CART];
export const CONFIG = {
  "artifact-metadata:org": ORG,
  webVersion: "1.4.2",
  webDigest: WEB_1,
  cart: "true",
  cartDigest: CART,
};

export interface Step {
  /** The command, or what somebody else does. */
  title: string;
  /** One sentence: what happens, and why. */
  why: string;
  run: (stack: Stack, github: GitHub) => Promise<RunResult | void>;
  /** How many resources change; the stack itself is not counted. */
  changes?: number;
  /** The server's records afterwards. */
  records: string[];
}

const CREATED = ["shop-cart-app 1.0.0 deployed", "shop-web-web 1.4.2 deployed team=shop"];
const UPDATED = ["shop-cart-app 1.0.0 deployed", "shop-web-web 1.5.0 deployed team=shop"];
const REMOVED = ["shop-cart-app 1.0.0 decommissioned", "shop-web-web 1.5.0 deployed team=shop"];
const FOREIGN = ["shop-cart-app 1.0.0 decommissioned", "shop-web-web 1.5.0 deployed team=platform"];
const DESTROYED = ["shop-cart-app 1.0.0 decommissioned", "shop-web-web 1.5.0 decommissioned team=shop"];

export const steps: Step[] = [
  {
    title: "pulumi preview",
    why: "The program declares a record for each of its two workloads; the preview shows both and writes nothing.",
    run: (stack) => stack.preview(),
    changes: 2,
    records: [],
  },
  {
    title: "pulumi up",
    why: "It writes both records.",
    run: (stack) => stack.up(),
    changes: 2,
    records: CREATED,
  },
  {
    title: "pulumi preview",
    why: "Nothing has changed since then, so there is nothing to do.",
    run: (stack) => stack.preview(),
    changes: 0,
    records: CREATED,
  },
  {
    title: "pulumi config set webVersion 1.5.0, and webDigest",
    why: "A pipeline has built a new version, and the program reads version and digest from the configuration.",
    run: async (stack) => {
      await stack.setConfig("webVersion", "1.5.0");
      await stack.setConfig("webDigest", WEB_2);
    },
    records: CREATED,
  },
  {
    title: "pulumi preview",
    why: "In a pull request, a reviewer sees what changes before anything is written.",
    run: (stack) => stack.preview(),
    changes: 1,
    records: CREATED,
  },
  {
    title: "pulumi up",
    why: "It updates the record: the same deployment runs the new version.",
    run: (stack) => stack.up(),
    changes: 1,
    records: UPDATED,
  },
  {
    title: "pulumi config set cart false",
    why: "The program no longer declares the record of the cart.",
    run: (stack) => stack.setConfig("cart", "false"),
    records: UPDATED,
  },
  {
    title: "pulumi up",
    why: "GitHub never deletes a record, so removing the resource decommissions it.",
    run: (stack) => stack.up(),
    changes: 1,
    records: REMOVED,
  },
  {
    title: "Another writer changes a tag on GitHub",
    why: "Pulumi does not know of this change yet.",
    run: async (_, github) => void github.writeDeployment(ORG, foreignRecord),
    records: FOREIGN,
  },
  {
    title: "pulumi refresh",
    why: "It reads the records, shows the difference, and writes nothing to GitHub.",
    run: (stack) => stack.refresh(),
    changes: 1,
    records: FOREIGN,
  },
  {
    title: "pulumi up",
    why: "It writes the record as the program declares it.",
    run: (stack) => stack.up(),
    changes: 1,
    records: REMOVED,
  },
  {
    title: "pulumi destroy",
    why: "It decommissions the record that is left; GitHub keeps both as history.",
    run: (stack) => stack.destroy(),
    changes: 1,
    records: DESTROYED,
  },
];

const foreignRecord = {
  name: "ghcr.io/acme/web",
  version: "1.5.0",
  digest: WEB_2,
  status: "deployed",
  logical_environment: "production",
  physical_environment: "eu-west-1",
  cluster: "prod-eu",
  deployment_name: "shop-web-web",
  tags: { team: "platform" },
} as const;
