import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const Started = z.object({ port: z.number() });
const Memory = z.object({ heapMegabytes: z.number(), rssMegabytes: z.number() });

/** A server process of its own; `memory` is told after a garbage collection. */
export async function startServer(env: Readonly<Record<string, string>>) {
  const server = fork(fileURLToPath(new URL("server.ts", import.meta.url)), {
    env,
    execArgv: ["--import", "tsx", "--expose-gc"],
    // Its log is written, as in production, and read by nobody.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const told = async (): Promise<unknown> => (await once(server, "message"))[0];
  const { port } = Started.parse(await told());
  return {
    url: `http://127.0.0.1:${port}`,
    memory: async () => {
      const answer = told();
      server.send("memory");
      return Memory.parse(await answer);
    },
    close: async () => {
      const gone = once(server, "exit");
      server.disconnect();
      await gone;
    },
  };
}
