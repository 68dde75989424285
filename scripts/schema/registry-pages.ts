/**
 * The two pages that Pulumi's registry takes from a provider's repository: `docs/_index.md` and
 * `docs/installation-configuration.md`. The programs are those of examples/, the configuration is that of the schema.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chainloopSources } from "../../provider/config/chainloop";
import { gitHubSources } from "../../provider/config/github";
import { KEYS, NAMESPACE } from "../../provider/config/keys";
import type { Places } from "../../provider/config/lookup";
import { organisationPlaces } from "../../provider/config/organisation";
import { configuration } from "./package-schema";

const root = join(__dirname, "..", "..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** By the names that the registry's chooser has for languages. */
export const PROGRAMS = [
  { language: "typescript", fence: "ts", file: "examples/cluster-set/index.ts" },
  { language: "python", fence: "python", file: "examples/python/__main__.py" },
  { language: "go", fence: "go", file: "examples/go/main.go" },
  { language: "yaml", fence: "yaml", file: "examples/yaml/Pulumi.yaml" },
] as const;

const EXECUTABLE = "./node_modules/pulumi-artifact-metadata/dist/plugin/pulumi-resource-artifact-metadata";

export const registryPages = (): Record<string, string> => ({
  "docs/_index.md": overview(),
  "docs/installation-configuration.md": installation(),
});

const frontMatter = (title: string, description: string): string =>
  `---\ntitle: ${title}\nmeta_desc: ${description}\nlayout: package\n---\n`;

const chooser = (parts: readonly { language: string; text: string }[]): string => {
  const choices = parts.map(
    ({ language, text }) => `{{% choosable language ${language} %}}\n\n${text}\n\n{{% /choosable %}}\n`,
  );
  const languages = parts.map(({ language }) => language).join(",");
  return `{{< chooser language "${languages}" >}}\n\n${choices.join("\n")}\n{{< /chooser >}}\n`;
};

const block = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** The example's program. Its README is not on the registry's page. */
const programIn = (file: string): string =>
  readFileSync(join(root, file), "utf8").replace(/(?:\n \*)? See README\.md for how to run it\./, "");

function overview(): string {
  const programs = PROGRAMS.map(({ language, fence, file }) => ({
    language,
    text: block(fence, programIn(file)),
  }));
  return `${frontMatter("Artifact Metadata", "Declares what runs where, and what is stored where, as artifact metadata records on GitHub.")}
The Artifact Metadata provider declares **what runs where** (deployment records) and **what is stored where** (storage
records) beside the workloads of a Pulumi program. \`pulumi up\` writes the records to
[GitHub's artifact metadata API](https://docs.github.com/rest/orgs/artifact-metadata), \`pulumi preview\` shows what changes
and writes nothing, and removing a deployment record from the program decommissions it. A fourth resource declares
deployments in Chainloop.

To write records you need a token with the permission "Artifact metadata: write" for the organisation. The page
"Installation & Configuration" says where it is set.

## Example

All deployments of a cluster in one resource. A \`DeploymentRecord\` declares a single one.

${chooser(programs)}
In TypeScript and JavaScript, the resources are dynamic unless their provider is a \`NativeProvider\`: the program needs the
npm package, and no plugin.
`;
}

function installation(): string {
  return `${frontMatter("Artifact Metadata Installation & Configuration", "How to install and configure the Artifact Metadata provider for Pulumi.")}
## Installation

The npm package contains the SDK for TypeScript and JavaScript, and the plugin for all languages. The plugin runs on Node.js
20.18 or newer. Install the package beside \`Pulumi.yaml\`, from the archive of a release:

${block("sh", `npm install path/to/pulumi-artifact-metadata-${version}.tgz @pulumi/pulumi`)}

A program in TypeScript or JavaScript is ready with that. In the other languages, say in \`Pulumi.yaml\` where the plugin is,
and Pulumi downloads nothing:

${block("yaml", `plugins:\n  providers:\n    - name: artifact-metadata\n      path: node_modules/pulumi-artifact-metadata/dist/plugin`)}

Then generate the SDK of your language. Pulumi writes it into \`sdks/\` and adds it to the dependencies of the program.

${chooser(sdks())}
Without npm, install the plugin from its archive in a release. Node.js must be on the \`PATH\`, and \`Pulumi.yaml\` needs no
section \`plugins\`:

${block("sh", `pulumi plugin install resource ${NAMESPACE} ${version} --file path/to/pulumi-resource-artifact-metadata-v${version}-linux-amd64.tar.gz`)}

## Configuration

Set the organisation and a token for the stack:

${block("sh", `pulumi config set ${NAMESPACE}:org acme\npulumi config set --secret ${NAMESPACE}:token`)}

Or set them in the environment:

${block("sh", "export GITHUB_OWNER=acme\nexport GITHUB_TOKEN=github_pat_…")}

The stack's configuration is used first, then the environment. The plugin does not see the configuration of other providers,
such as \`github:token\`. A provider that the program declares, of the type \`pulumi:providers:artifact-metadata\`, takes the
same keys as inputs, and what it does not name from the environment.

## Configuration reference

${reference()}
`;
}

const sdks = () => [
  { language: "typescript", text: "The package itself is the SDK." },
  { language: "python", text: block("sh", `pulumi package add ${EXECUTABLE}`) },
  { language: "go", text: block("sh", `pulumi package add ${EXECUTABLE}`) },
  { language: "yaml", text: "A program in YAML needs no SDK." },
];

function reference(): string {
  const variables = configuration();
  const environment = environmentOf([
    organisationPlaces,
    ...Object.values(gitHubSources),
    ...Object.values(chainloopSources),
  ]);
  return KEYS.map((key) => {
    const { type, secret, description } = variables[key] as (typeof variables)[string];
    const names = (environment.get(`${NAMESPACE}:${key}`) ?? []).map((name) => `\`${name}\``);
    const also = names.length === 0 ? "" : ` Environment: ${names.join(", ")}.`;
    return `- \`${NAMESPACE}:${key}\` (${[type, ...(secret ? ["secret"] : [])].join(", ")}): ${description}${also}`;
  }).join("\n");
}

/** The environment variables of each configuration key, as the provider looks for them. */
const environmentOf = (places: readonly Places[]): Map<string, string[]> =>
  new Map(places.flatMap(({ config, environment }) => config.map((key) => [key, environment] as const)));
