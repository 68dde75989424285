/**
 * Writes the plugin's schema, and the pages of Pulumi's registry: `npm run schema`. Tests hold that those that are checked in
 * are current.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageSchema } from "./schema/package-schema";
import { registryPages } from "./schema/registry-pages";

const root = join(__dirname, "..");

writeFileSync(join(root, "plugin", "schema.json"), `${JSON.stringify(packageSchema(), null, 2)}\n`);
for (const [path, text] of Object.entries(registryPages())) writeFileSync(join(root, path), text);
