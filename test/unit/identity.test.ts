import fc from "fast-check";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import type { DeploymentIdentity } from "../../provider/deployment-record/identity";
import { codePoint } from "../support/code-point";

test("an ID is read back as the identity that it was made of", () => {
  fc.assert(
    fc.property(identities(), (one) =>
      expect(deploymentIdentity.parse(deploymentIdentity.format(one))).toStrictEqual(one),
    ),
  );
});

test("an ID that is read is written the same again", () => {
  fc.assert(
    fc.property(identities(), (one) =>
      expect(deploymentIdentity.format(deploymentIdentity.parse(deploymentIdentity.format(one)))).toBe(
        deploymentIdentity.format(one),
      ),
    ),
  );
});

test("two identities have one ID only where they are the same", () => {
  fc.assert(
    fc.property(nearlyTheSame(), ([one, other]) => {
      const same = deploymentIdentity.fields.every((field) => one[field] === other[field]);
      expect(deploymentIdentity.format(one) === deploymentIdentity.format(other)).toBe(same);
    }),
    { numRuns: 1000 },
  );
});

test("two identities have one key where they differ in the case of the organisation alone", () => {
  fc.assert(
    fc.property(nearlyTheSame(), ([one, other]) => {
      const fold = (field: (typeof deploymentIdentity.fields)[number], text: string | undefined) =>
        field === "org" ? text?.toLowerCase() : text;
      const same = deploymentIdentity.fields.every(
        (field) => fold(field, one[field]) === fold(field, other[field]),
      );
      expect(deploymentIdentity.key(one) === deploymentIdentity.key(other)).toBe(same);
    }),
    { numRuns: 1000 },
  );
});

test("an ID is readable where the names are", () => {
  const identity = {
    org: "acme",
    logicalEnvironment: "production",
    cluster: "prod eu",
    deploymentName: "shop/web",
  };
  expect(deploymentIdentity.format(identity)).toBe("acme/production//prod%20eu/shop%2Fweb");
});

test.each([
  "",
  "acme",
  "acme/production/eu-west-1/prod-eu",
  "acme/production/eu-west-1/prod-eu/web/web",
  "/production/eu-west-1/prod-eu/web",
  "acme//eu-west-1/prod-eu/web",
  "acme/production/eu-west-1/prod-eu/",
  "acme/production/eu-west-1/prod-eu/50%",
  "acme/production/%/prod-eu/web",
  "acme/production/eu-west-1/%ff/web",
])("%j is no ID, and the error says what one looks like", (id) => {
  expect(() => deploymentIdentity.parse(id)).toThrow(
    /not the ID.*org\/logicalEnvironment\/.*for example acme\//,
  );
});

test("a record is described by its name, what it has of places, and its organisation", () => {
  const identity = { org: "acme", logicalEnvironment: "production", deploymentName: "web" };
  expect(deploymentIdentity.describe(identity)).toBe('deployment record "web" (production) of acme');
  expect(deploymentIdentity.describe({ ...identity, physicalEnvironment: "eu", cluster: "c1" })).toBe(
    'deployment record "web" (production, eu, c1) of acme',
  );
});

function identitiesOf(text: fc.Arbitrary<string>): fc.Arbitrary<DeploymentIdentity> {
  return fc.record(
    {
      org: text,
      logicalEnvironment: text,
      physicalEnvironment: text,
      cluster: text,
      deploymentName: text,
    },
    { requiredKeys: ["org", "logicalEnvironment", "deploymentName"], noNullPrototype: true },
  );
}

/** Whatever the check lets through, and more. */
function identities() {
  return identitiesOf(fc.oneof(fc.string({ minLength: 1, unit: codePoint }), hostile()));
}

/** Two that differ in some of their parts, which look alike. */
function nearlyTheSame(): fc.Arbitrary<[DeploymentIdentity, DeploymentIdentity]> {
  const alike = identitiesOf(fc.constantFrom("a", "A", "/", "a/", "%2F", "a/a"));
  return fc.tuple(alike, alike, fc.subarray([...deploymentIdentity.fields])).map(([one, donor, fields]) => {
    const changes = fields.map((field) => [field, donor[field]]);
    return [one, { ...one, ...(Object.fromEntries(changes) as Partial<DeploymentIdentity>) }];
  });
}

function hostile() {
  return fc.constantFrom("/", "//", "%", "%2F", "%25", ".", "..", "a/b", " ", "+", "😀", "\0", "ﷺ", "null");
}
