import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A redis-server of our own on a unix socket. It dies with this process, however this process ends. */
export type RealRedis = {
  /** The socket's path: what the bridge and ioredis take. The same after a restart. */
  readonly address: string;
  readonly pid: () => number;
  /** Kills it without warning and starts it anew. `kept` needs `persistence: "append-only"`. */
  readonly restart: (after: { readonly data: "kept" | "lost" }) => Promise<void>;
  /** Kills it; `restart` brings it back. */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * The shell starts redis-server and a watchdog that reads the pipe on standard input. Nobody writes to it: it ends
 * when we close it or when this process is gone, even by SIGKILL, and then the server is killed.
 */
const tiedToStandardInput = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
echo "server-pid $server"
{ read -r line <&3; kill -9 "$server"; } 2>/dev/null >/dev/null &
watchdog=$!
wait "$server"
status=$?
kill "$watchdog" 2>/dev/null
exit "$status"
`;

/** Where redis-server is on PATH; undefined when it is not installed. */
export function findRedisServer(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { PATH = "" } = env;
  const folders = PATH.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, "redis-server")).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a redis-server; throws one that says so when none is installed or it does not come up. */
export async function startRealRedis({
  persistence = "none",
}: {
  readonly persistence?: "none" | "append-only";
} = {}): Promise<RealRedis> {
  const program = findRedisServer();
  if (program === undefined) throw new Error("redis-server is not installed (not found on PATH)");
  const folder = await mkdtemp(join(tmpdir(), "purge-desk-redis-"));
  const address = join(folder, "redis.sock");
  const args = [
    ...["--port", "0", "--unixsocket", address, "--dir", folder, "--save", "", "--daemonize", "no"],
    // `always`: what was answered before a kill is there after it.
    ...(persistence === "append-only" ? ["--appendonly", "yes", "--appendfsync", "always"] : []),
  ];
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  let running = await launch(program, args).catch(async (cause: unknown) => {
    await removeFolder();
    throw cause;
  });
  return {
    address,
    pid: () => running.pid,
    stop: () => kill(running.shell),
    restart: async ({ data }) => {
      if (data === "kept" && persistence === "none") {
        throw new Error('data is kept only with persistence: "append-only"');
      }
      await kill(running.shell);
      if (data === "lost") await rm(join(folder, "appendonlydir"), { recursive: true, force: true });
      running = await launch(program, args);
    },
    close: async () => {
      await kill(running.shell);
      await removeFolder();
    },
  };
}

type Running = { readonly shell: ChildProcess; readonly pid: number };

function launch(program: string, args: readonly string[]): Promise<Running> {
  return new Promise((resolve, reject) => {
    const shell = spawn("sh", ["-c", tiedToStandardInput, "sh", program, ...args], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    let output = "";
    shell.once("error", reject);
    shell.once("exit", () => reject(new Error(`redis-server did not start:\n${output}`)));
    shell.stdout.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-10_000);
      const pid = /^server-pid (\d+)$/m.exec(output)?.[1];
      if (pid !== undefined && /ready to accept connections/i.test(output))
        resolve({ shell, pid: Number(pid) });
    });
    // A server that outlives its last test must not keep this process alive: it ends with it.
    shell.unref();
  });
}

/** Resolves when the server is gone. */
async function kill(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return;
  shell.ref();
  const gone = new Promise((resolve) => shell.once("exit", resolve));
  shell.stdin?.end();
  await gone;
}
