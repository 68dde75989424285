/** References of images, after the grammar of https://github.com/distribution/reference. */
import fc from "fast-check";
import { formatImage, parseImage, registryUrlOf } from "../../sdk";
import { DIGEST } from "../support/provider";

const parts = (name: string, version?: string) => ({ name, ...(version && { version }), digest: DIGEST });

test.each<[string, string, string?]>([
  ["ghcr.io/acme/web:1.4.2", "ghcr.io/acme/web", "1.4.2"],
  ["ghcr.io/acme/web", "ghcr.io/acme/web"],
  ["nginx", "nginx"],
  ["nginx:1.27", "nginx", "1.27"],
  ["acme/web:latest", "acme/web", "latest"],
  ["library/nginx", "library/nginx"],
  ["docker.io/library/nginx:1", "docker.io/library/nginx", "1"],
  ["index.docker.io/acme/web", "index.docker.io/acme/web"],
  ["localhost/app:1", "localhost/app", "1"],
  ["localhost:5000/app:1", "localhost:5000/app", "1"],
  ["localhost:5000/app", "localhost:5000/app"],
  ["registry.example.com:5000/a/b/c/d:v1.0-rc.1_x", "registry.example.com:5000/a/b/c/d", "v1.0-rc.1_x"],
  ["192.168.1.1:5000/repo:5050", "192.168.1.1:5000/repo", "5050"],
  ["192.168.1.1:5000", "192.168.1.1", "5000"],
  ["[2001:db8::1]:5000/repo:tag", "[2001:db8::1]:5000/repo", "tag"],
  ["[::1]/repo", "[::1]/repo"],
  [
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web",
    "1",
  ],
  ["europe-docker.pkg.dev/acme-prod/shop/web", "europe-docker.pkg.dev/acme-prod/shop/web"],
  ["xn--7o8h.com/myimage:xn--7o8h.com", "xn--7o8h.com/myimage", "xn--7o8h.com"],
  ["foo_bar.com:8080", "foo_bar.com", "8080"],
  ["foo/foo_bar.com:8080", "foo/foo_bar.com", "8080"],
  ["Registry.Example.com/acme/web", "Registry.Example.com/acme/web"],
  ["Uppercase/lowercase:tag", "Uppercase/lowercase", "tag"],
  ["lowercase:Uppercase", "lowercase", "Uppercase"],
  ["a.b_c__d---e/0", "a.b_c__d---e/0"],
  [`example.com/${"a".repeat(255)}:tag`, `example.com/${"a".repeat(255)}`, "tag"],
  [`a:${"t".repeat(128)}`, "a", "t".repeat(128)],
])("%s is name %s, and what follows its colon the version", (reference, ...[name, version]) => {
  expect(parseImage(`${reference}@${DIGEST}`)).toEqual(parts(name, version));
});

const NAME = "is not an image reference. Its name must consist of lower-case letters and digits";
const UPPER = "has upper-case letters in its name";
const TAG = "has a tag that is not allowed: 1 to 128 letters";

test.each([
  [":justtag", NAME],
  ["/web", NAME],
  ["ghcr.io//web", NAME],
  ["ghcr.io/acme/", NAME],
  ["-web", NAME],
  ["web-", NAME],
  ["a..b", NAME],
  ["a___b", NAME],
  ["a._b", NAME],
  ["acme/web/ghcr.io:5000/x", NAME],
  ["[2001:db8::1]", NAME],
  ["[fe80::1%eth0]:5000/repo", NAME],
  ["-registry.example.com/web", NAME],
  ["aa/asdf$$^/aa", NAME],
  ["wéb", NAME],
  ["Web", UPPER],
  ["ghcr.io/Acme/web", UPPER],
  ["test:5000/Uppercase/lowercase:tag", UPPER],
  ["web:", TAG],
  ["web:.1", TAG],
  ["web:-1", TAG],
  ["web:1:2", TAG],
  ["web:1+2", TAG],
  [`web:${"t".repeat(129)}`, TAG],
  [`domain/${"a".repeat(256)}:tag`, "has a path of 256 characters; 255 are allowed"],
  ["https://ghcr.io/acme/web", "begins with https://; a reference has no scheme"],
  ["docker-pullable://ghcr.io/acme/web", "begins with docker-pullable://; a reference has no scheme"],
  [" web", "contains a space or a line break"],
])("%j is refused: %s", (reference, problem) => {
  const whole = `${reference}@${DIGEST}`;
  expect(() => parseImage(whole)).toThrow(problem);
});

const WRONG = 'has a digest that is not valid: it must be "sha256:" and 64 hexadecimal digits in lower case';

test.each([
  ["", WRONG],
  ["sha256:", WRONG],
  ["sha256:abc", WRONG],
  ["latest", WRONG],
  [DIGEST.toUpperCase(), "has a SHA256 digest; only sha256 digests can be recorded"],
  [DIGEST.replace(":a", ":A"), WRONG],
  [`${DIGEST}0`, WRONG],
  [`${DIGEST}@${DIGEST}`, WRONG],
  [`sha512:${"f".repeat(128)}`, "has a sha512 digest"],
  [`multihash+base58:${"f".repeat(64)}`, "has a multihash+base58 digest"],
])("the digest %j is refused: %s", (digest, problem) => {
  expect(() => parseImage(`web:1@${digest}`)).toThrow(problem);
});

test.each(["nginx:1.27", "nginx", "ghcr.io/acme/web:1.4.2"])(
  "%s has no digest, and is told how to get one",
  (image) => {
    const message = new RegExp(
      `^parseImage: image "${image}" has no digest\\..* name:tag@sha256:….*imagetools inspect.*crane digest.*\`ref\``,
    );
    expect(() => parseImage(image)).toThrow(message);
  },
);

test("an empty reference is told where it may come from, and a value of another type what it must be", () => {
  expect(() => parseImage("")).toThrow(/^parseImage: image "" is empty\. .*`ref` of a docker-build Image/);
  expect(() => parseImage(`web@${DIGEST}\n`)).toThrow("contains a space or a line break");
  for (const value of [undefined, null, 1, {}])
    expect(() => parseImage(value as string)).toThrow(`image ${JSON.stringify(value)} must be a string.`);
});

test.each([
  ["ghcr.io/acme/web", "https://ghcr.io"],
  ["ghcr.io/acme/web:1.4.2", "https://ghcr.io"],
  ["GHCR.io/acme/web", "https://ghcr.io"],
  ["ghcr.io:443/acme/web", "https://ghcr.io"],
  ["localhost/app", "https://localhost"],
  ["localhost:5000/app", "https://localhost:5000"],
  ["[2001:db8::1]:5000/app", "https://[2001:db8::1]:5000"],
  ["nginx", "https://docker.io"],
  ["nginx:1.27", "https://docker.io"],
  ["acme/web", "https://docker.io"],
  ["docker.io/acme/web", "https://docker.io"],
  ["index.docker.io/acme/web", "https://index.docker.io"],
  // No host has such a port: the check of a record says that it is no URL.
  ["ghcr.io:99999/acme/web", "https://ghcr.io:99999"],
])("the registry of %s is %s", (name, url) => {
  expect(registryUrlOf(name)).toBe(url);
});

test("parse and format are inverse", () => {
  fc.assert(
    fc.property(images, (image) => {
      const reference = formatImage(image);
      expect(parseImage(reference)).toEqual(image);
      expect(formatImage(parseImage(reference))).toBe(reference);
    }),
  );
});

test.each([DIGEST, `@${DIGEST}`, DIGEST.replace("sha256:", ""), `sha512:${"a".repeat(128)}`])(
  "a digest alone has no name, and does have a digest: %s",
  (reference) => {
    expect(() => parseImage(reference)).toThrow(/has no name: it is only a digest.*ghcr\.io/);
    expect(() => parseImage(reference)).not.toThrow(/has no digest/);
  },
);

test("a name may be that of an algorithm", () => {
  expect(parseImage(`sha256:1.2@${DIGEST}`)).toEqual({ name: "sha256", version: "1.2", digest: DIGEST });
});

test("what is no reference is refused, and never taken for another one", () => {
  fc.assert(
    fc.property(nearlyReferences, (reference) => {
      const matches = grammar.exec(reference);
      if (matches === null) return expect(() => parseImage(reference)).toThrow();
      const [, name, version, digest] = matches;
      expect(parseImage(reference)).toEqual({ name, ...(version && { version }), digest });
      expect(formatImage(parseImage(reference))).toBe(reference);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  [{ name: "web:1", digest: DIGEST }, 'the name "web:1" contains a tag'],
  [{ name: "web", version: "", digest: DIGEST }, "has a tag that is not"],
  [{ name: "web", version: "1@2", digest: DIGEST }, "has a digest that is not"],
  [{ name: "", digest: DIGEST }, "has no name: it is only a digest"],
  [{ name: "web", digest: "" }, "has a digest that is not"],
  [{ name: `web@${DIGEST}`, digest: DIGEST }, "has a digest that is not"],
])("no reference is made of %j", (image, problem) => {
  expect(() => formatImage(image)).toThrow(problem);
});

/** The whole grammar as one expression. */
const domainPart = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const domain = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const pathPart = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const grammar = new RegExp(
  `^((?:${domain}/)?${pathPart}(?:/${pathPart})*)(?::([\\w][\\w.-]{0,127}))?@(sha256:[a-f0-9]{64})$`,
);

const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
const digests = hex.map((text) => `sha256:${text}`);
const names = fc.stringMatching(new RegExp(`^(?:${domain}/)?${pathPart}(?:/${pathPart}){0,3}$`), {
  maxLength: 200,
});
const tags = fc.stringMatching(/^[\w][\w.-]{0,127}$/);
const images = fc.record(
  { name: names, version: tags, digest: digests },
  { requiredKeys: ["name", "digest"] },
);
/** The characters that mean something, in any order. */
const nearlyReferences = fc
  .tuple(fc.string({ unit: fc.constantFrom(..."aZ0._-:/[]"), maxLength: 14 }), digests)
  .map(([text, digest]) => `${text}@${digest}`);
