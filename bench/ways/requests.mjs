// The requests of a set alone: each digest is listed, eight at once, then all entries are written in one request.
import { declarationsOf } from "./deployments.js";

const AT_ONCE = 8;
const { fetch, performance } = globalThis;
const { COUNT, GITHUB_TOKEN, GITHUB_API_URL, GITHUB_OWNER } = process.env;
const headers = {
  accept: "application/vnd.github+json",
  authorization: `Bearer ${GITHUB_TOKEN}`,
  "content-type": "application/json",
  "x-github-api-version": "2022-11-28",
};
const { place, deployments } = declarationsOf({ count: Number(COUNT), changed: false, cluster: "prod-eu" });

async function send(path, body) {
  const method = body === undefined ? "GET" : "POST";
  const url = `${GITHUB_API_URL}/orgs/${GITHUB_OWNER}/artifacts/${path}`;
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
}

const list = (digest) => send(`${digest}/metadata/deployment-records`);

async function listAll() {
  const queue = deployments.values();
  const worker = async () => {
    for (const { digest } of queue) await list(digest);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const write = () =>
  send(`metadata/deployment-record/cluster/${place.cluster}`, {
    logical_environment: place.logicalEnvironment,
    physical_environment: place.physicalEnvironment,
    deployments: deployments.map(({ deploymentName, ...entry }) => ({
      ...entry,
      deployment_name: deploymentName,
      status: "deployed",
    })),
  });

async function secondsOf(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

// So that what loading `fetch` and connecting take is in neither.
await list(deployments[0].digest);
console.log(JSON.stringify({ reads: await secondsOf(listAll), write: await secondsOf(write) }));
