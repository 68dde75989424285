/** The organisation of a record that names none, where it is filled in by the provider and not by the program. */
import { find } from "./lookup";
import type { Configuration, Environment } from "./lookup";

export const organisationPlaces = {
  config: ["artifact-metadata:org", "github:owner"],
  environment: ["GITHUB_OWNER", "GITHUB_REPOSITORY_OWNER"],
};

export const defaultOrganisation = (config: Configuration, environment: Environment): string | undefined =>
  find(organisationPlaces, config, environment)?.value;
