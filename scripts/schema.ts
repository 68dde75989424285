/** Writes the plugin's schema: `npm run schema`. A test holds that the one that is checked in is current. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageSchema } from "./schema/package-schema";

writeFileSync(
  join(__dirname, "..", "plugin", "schema.json"),
  `${JSON.stringify(packageSchema(), null, 2)}\n`,
);
