import * as z from "zod";
import type { Lane } from "../../../src/ledger/keys.ts";
import type { RedisRequest } from "../../../src/local/redis/fault.ts";
import type { System } from "../system.ts";
import type { Called, ServerProcess } from "./server-process.ts";

/** Where a server is killed. `arm` resolves once the trap is set; its result resolves when the server is dead. */
export type KillPoint = (trap: Trap) => Promise<{ readonly killed: Promise<void> }>;

export type Trap = {
  readonly system: System;
  readonly server: ServerProcess;
  /** Set: called by the simulated ImageKit after it processed a request and before it answers. */
  readonly onImageKit: { pause: (() => Promise<void>) | undefined };
};

const scriptInput = z.object({
  onExhausted: z.string().optional(),
  settlements: z.array(z.object({ lane: z.string() })).optional(),
  lease: z.object({ lane: z.string().optional() }).optional(),
});
type ScriptInput = z.infer<typeof scriptInput>;

/** Which script a request to Redis runs, by its input. */
export const reserves = (input: ScriptInput) => input.onExhausted !== undefined;
export const settles = (lane: Lane) => (input: ScriptInput) => input.settlements?.[0]?.lane === lane;
export const leases = (lane: Lane) => (input: ScriptInput) =>
  input.settlements?.length === 0 && input.lease?.lane === lane;

/** At the request to run that script: the server dies `before` Redis runs it, or `after`, without having its reply. */
export function atScript(matches: (input: ScriptInput) => boolean, fate: "before" | "after"): KillPoint {
  return async ({ system, server }) => {
    const dead = deferred();
    let isSprung = false;
    system.bridge.setFault(async (request) => {
      const input = inputOf(request);
      if (isSprung || input === undefined || !matches(input)) return "pass";
      isSprung = true;
      await server.kill();
      dead.resolve();
      return fate === "before" ? "lose-request" : "pass";
    });
    return { killed: dead.promise };
  };
}

function inputOf({ commands }: RedisRequest): ScriptInput | undefined {
  const [command] = commands;
  if (command?.[0] !== "EVALSHA" && command?.[0] !== "EVAL") return undefined;
  return scriptInput.safeParse(JSON.parse(command.at(-1) ?? "null")).data;
}

/** When the nth request has reached ImageKit: before it processes it (it never does), or before it answers. */
export function atImageKit(when: "not-taken" | "taken", nth: number): KillPoint {
  return async ({ system, server, onImageKit }) => {
    const dead = deferred();
    const { control } = system.imagekit;
    control.change({ latencyMs: 1 });
    if (when === "not-taken") control.addFaults({ endpoint: "send", kind: "hang", times: "forever" });
    let count = 0;
    onImageKit.pause = async () => {
      count += 1;
      if (count !== nth) return;
      await server.kill();
      control.clearFaults();
      dead.resolve();
    };
    return { killed: dead.promise };
  };
}

/** In the process itself, through the `fetch` that it was given: before a call is sent, or once its answer is there. */
export function atCall(at: "before-call" | "after-call", of: Called): KillPoint {
  return async ({ server }) => {
    await server.stopAt(at, of);
    return { killed: server.stopped.then(server.kill) };
  };
}

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settled) => {
    resolve = settled;
  });
  return { promise, resolve };
}
