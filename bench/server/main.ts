/** The local GitHub servers, in a process of their own: what they do takes no time from the engine. */
import { startGitHub, type GitHub } from "../../local/github";
import type { Calls, Question, Reply, ServerSettings, Traffic } from "./protocol";

const servers = new Map<number, GitHub>();

async function open({ latency, writesAMinute }: ServerSettings) {
  const github = await startGitHub({
    attested: "all",
    // A job that is done when it is first asked for.
    jobs: { stepMilliseconds: 500 },
    rateLimit: { limit: 1_000_000 },
    secondaryLimit: { contentPerMinute: writesAMinute },
  });
  if (latency > 0) github.fault({ when: "before", do: { delay: latency }, times: Infinity });
  return github;
}

function serverOf(server: number): GitHub {
  const github = servers.get(server);
  if (!github) throw new Error(`there is no server ${server}`);
  return github;
}

function traffic(github: GitHub): Traffic {
  if (github.violations.length > 0) throw new Error(JSON.stringify(github.violations[0]));
  const requests = github.requests.splice(0);
  const reads = requests.filter(({ method }) => method === "GET").length;
  return {
    writes: requests.length - reads,
    reads,
    refused: requests.filter(({ status }) => status === 403 || status === 429).length,
    deployed: github.deploymentRecords().filter(({ status }) => status === "deployed").length,
  };
}

async function answer(question: Question): Promise<Calls[keyof Calls]["answer"]> {
  const { server } = question;
  if (question.name === "open") {
    const github = await open(question);
    servers.set(server, github);
    return { url: github.url, token: github.token };
  }
  const github = serverOf(server);
  if (question.name === "traffic") return traffic(github);
  servers.delete(server);
  await github.close();
  return null;
}

const reply = (message: Reply) => void process.send?.(message);

process.on("message", (message) => {
  const question = message as Question;
  const { id } = question;
  answer(question).then(
    (answer) => reply({ id, answer }),
    (error: unknown) => reply({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
// The bench has ended, however.
process.on("disconnect", () => process.exit());
