/** What the pages show first is what the commands print. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { digest, record, report, state, stored } from "./states";
import { fleet, preview, run, step, web } from "./support";

/** The first block of this language. */
function shownIn(page: string, language: string): string | undefined {
  const text = readFileSync(join(resolve(__dirname, "../../docs"), page), "utf8");
  return new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "m").exec(text)?.[1];
}

const ofProd = (of: object) =>
  JSON.parse(JSON.stringify(of).replaceAll("urn:pulumi:dev::", "urn:pulumi:prod::")) as object;

/** The state of which the page shows the report. */
function documented(): object {
  const of = (name: string, letter: string, more: object) =>
    record(
      {
        name: `ghcr.io/acme/${name}`,
        deploymentName: `shop-${name}-${name === "cart" ? "app" : "web"}`,
        digest: digest(letter),
        ...more,
      },
      { name },
    );
  const risks = { runtimeRisks: ["internet-exposed"] };
  const states = state(
    of("cart", "e", { version: "1.0.0", updatedAt: "2026-03-02T09:14:00Z" }),
    of("web", "b", { version: "1.4.2", updatedAt: "2026-03-09T16:40:00Z", ...risks }),
    of("web", "a", {
      ...{ version: "1.4.1", updatedAt: "2026-03-02T09:15:00Z", ...risks },
      ...{ physicalEnvironment: "us-east-1", cluster: "prod-us" },
    }),
    stored({ path: "libs/libfoo", updatedAt: "2026-02-11T11:02:00Z" }),
  );
  return ofProd(states);
}

test("the report", async () => {
  expect(await report(documented())).toBe(shownIn("report.md", "text"));
});

/** Without the columns' alignment, which is the formatter's. */
const unaligned = (markdown = "") => markdown.replace(/ +/g, " ").replace(/-{3,}/g, "---").trim();

test("the comment of a pull request", async () => {
  const app = (name: string, version: string, letter: string) => ({
    ...web,
    ...{ name: `ghcr.io/acme/${name}`, version, digest: digest(letter), deploymentName: `shop-${name}-app` },
  });
  const mailer = app("mailer", "3.1.0", "1");
  const now = {
    ...web,
    version: "1.4.2",
    digest: digest("b"),
    runtimeRisks: ["internet-exposed", "sensitive-data"],
  };
  const { name, version, digest: of } = mailer;
  const deployments = { [mailer.deploymentName]: { name, version, digest: of } };
  const steps = [
    step("create", { name: "cart", new: app("cart", "1.0.0", "e") }),
    step("update", { old: { ...web, runtimeRisks: ["internet-exposed"] }, new: now }),
    step("create", { type: "ClusterDeploymentSet", name: "prod-eu", new: { ...fleet, deployments } }),
    step("delete", { name: "mailer", old: mailer }),
    step("delete", { name: "legacy", old: app("legacy", "0.9.0", "c") }),
  ];
  const { stdout } = await run(["comment", "--dry-run"], JSON.stringify(ofProd(preview(...steps))));
  expect(unaligned(stdout.replace(/^<!--.*-->\n/, ""))).toBe(unaligned(shownIn("pull-requests.md", "md")));
});
