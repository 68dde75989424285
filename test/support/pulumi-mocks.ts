/** Pulumi's mocks for programs in a test's own process. */
import type * as pulumi from "@pulumi/pulumi";

/** Every resource is registered as it was asked for, and noted in `registered`. */
export const notingMocks = (registered: pulumi.runtime.MockResourceArgs[]): pulumi.runtime.Mocks => ({
  newResource(args) {
    registered.push(args);
    return { id: args.id || "id", state: args.inputs as object };
  },
  call: () => ({}),
});
