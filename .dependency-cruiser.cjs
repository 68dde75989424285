/**
 * Which folder may import which. `npm run lint:imports` holds it, for imports of types too (`tsPreCompilationDeps`).
 */

/**
 * The folders and files of provider/, the lowest layer first. Each imports itself and the layers below it: never a layer
 * above, and never its neighbour in the same layer. So no two folders can import each other, and every name here is
 * explained by what stands before it.
 *
 * - `runtime` (errors, logger, clock) and `config` know nothing of HTTP or of a service.
 * - `github` and `chainloop` own the enumerations and limits of their APIs, so `lifecycle`, which checks inputs, is above.
 * - `workloads` reads image references and Kubernetes objects into the fields of an API, for the SDK, the CLI and the life
 *   cycle.
 * - A set is made of deployment records, so it is above them.
 * - `create-run-context.ts` wires all of it once; the two entries, for Pulumi's host and for the SDK's functions, call it.
 */
const layers = [
  ["runtime"],
  ["config"],
  ["http"],
  ["github", "chainloop"],
  ["workloads"],
  ["lifecycle"],
  ["deployment-record", "storage-record", "chainloop-deployment"],
  ["cluster-deployment-set"],
  ["create-run-context.ts"],
  ["get-records.ts", "index.ts"],
];

const inProvider = (name) => `^provider/${name.endsWith(".ts") ? `${name.slice(0, -3)}[.]ts$` : `${name}/`}`;
const known = layers.flat().map(inProvider);

const onlyDownwards = layers.flatMap((layer, index) =>
  layer.map((name) => ({
    name: `provider-layers-${name.replace(/[.]ts$/, "")}`,
    comment: `provider/${name} imports only itself and ${layers.slice(0, index).flat().join(", ") || "packages"}.`,
    severity: "error",
    from: { path: inProvider(name) },
    to: { path: "^provider/", pathNot: [inProvider(name), ...layers.slice(0, index).flat().map(inProvider)] },
  })),
);

const forbidden = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    forbidden("no-circle", "Modules that import each other are one module.", {}, { circular: true }),
    ...onlyDownwards,
    forbidden(
      "provider-layers-unknown",
      "What is new in provider/ needs its place in the list of layers in .dependency-cruiser.cjs.",
      { path: "^provider/", pathNot: known },
      {},
    ),
    forbidden(
      "provider-stands-alone",
      "The provider runs in Pulumi's host, without the program's side and without the stand-ins.",
      { path: "^provider/" },
      { path: "^(?:sdk|cli|local|plugin|test|examples|bench|scripts)/" },
    ),
    forbidden(
      "sdk-imports-only-provider",
      "A program imports the SDK; the SDK needs the provider's types and functions, and nothing else of ours.",
      { path: "^sdk/" },
      { path: "^(?:cli|local|plugin|test|examples|bench|scripts)/" },
    ),
    forbidden(
      "cli-imports-only-provider",
      "The command reads what a preview printed. It declares nothing and starts no stand-in.",
      { path: "^cli/" },
      { path: "^(?:sdk|local|plugin|test|examples|bench|scripts)/" },
    ),
    forbidden(
      "plugin-imports-only-provider",
      "The plugin is another entry to the provider: it shares nothing with a program but that.",
      { path: "^plugin/" },
      { path: "^(?:sdk|cli|local|test|examples|bench|scripts)/" },
    ),
    forbidden(
      "plugin-holds-no-life-cycle",
      "What is sent to GitHub and Chainloop, and when, is decided by the life cycle in provider/.",
      { path: "^plugin/" },
      { path: "^provider/(?:github|chainloop|http)/" },
    ),
    forbidden(
      "local-stands-alone",
      "The stand-ins follow the APIs and the engine. What they took from the product, they could not prove of it.",
      { path: "^local/" },
      { path: "^(?:provider|sdk|cli|plugin|test|examples|bench|scripts)/" },
    ),
    forbidden(
      "workloads-import-no-pulumi",
      "What reads workloads also runs where there is no Pulumi, so nothing that it reaches imports it.",
      { path: "^provider/workloads/" },
      { path: "(?:^|/)node_modules/@pulumi/", reachable: true },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    tsPreCompilationDeps: true,
  },
};
