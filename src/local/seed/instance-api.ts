import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { CannotStart } from "../cannot-start.ts";
import type { StagedEnd } from "../imagekit/cdn/stage.ts";
import type { LocalInstance } from "../instance-file.ts";

const purge = z.object({
  id: z.string(),
  state: z.string(),
  url: z.string(),
  actor: z.string(),
  edge: z.nullable(z.object({ outcome: z.string() })),
});
const budget = z.object({ external: z.number(), available: z.number(), held: z.number() });
const batch = z.object({ id: z.string(), purges: z.array(purge) });
const overview = z.object({ settings: z.object({ pendingMs: z.unknown() }), usage: z.array(z.string()) });

export type SeededPurge = z.output<typeof purge>;
export type SeedRequest = { readonly urls: readonly string[]; readonly reason: string } & Readonly<
  Record<string, unknown>
>;

/** A local instance as its callers see it, and the simulated ImageKit behind it. */
export type InstanceApi = {
  readonly submit: (actor: string, submission: SeedRequest) => Promise<readonly SeededPurge[]>;
  readonly act: (actor: string, id: string, action: "cancel" | "close") => Promise<void>;
  /** Reading a purge that is due also polls it, and checks what is served. */
  readonly read: (id: string) => Promise<SeededPurge>;
  readonly inState: (state: string) => Promise<readonly SeededPurge[]>;
  readonly budget: () => Promise<z.output<typeof budget>>;
  readonly correct: (external: number, reason: string) => Promise<void>;
  readonly imagekit: {
    readonly pendingMs: () => Promise<unknown>;
    readonly change: (settings: Readonly<Record<string, unknown>>) => Promise<void>;
    readonly addFaults: (faults: readonly Readonly<Record<string, unknown>>[]) => Promise<void>;
    readonly complete: (url: string) => Promise<void>;
    /** Has the next purge of this URL end so at the CDN. */
    readonly stage: (url: string, end: StagedEnd) => Promise<void>;
  };
};

const withinMs = 30_000;

/** Throws CannotStart unless that instance runs, lets the seed in, and has a simulated ImageKit of its own. */
export async function connectTo(instance: LocalInstance): Promise<InstanceApi> {
  const { url, imagekitUrl, tokens } = instance;
  if (imagekitUrl === undefined) {
    throw new CannotStart(
      "That instance does not run on an ImageKit simulated by npm start: seeding it could cost units",
    );
  }
  const tokenOf = (actor: string) => {
    const token = tokens[actor];
    if (token !== undefined) return token;
    throw new CannotStart(
      "That instance runs with PURGE_TOKENS of its own: start it without, so that it makes some",
    );
  };
  const api = (actor: string, method: string, path: string, body?: unknown) =>
    call(url + path, { method, token: tokenOf(actor), body });
  const control = (method: string, path: string, body?: unknown) =>
    call(`${imagekitUrl}/_control${path}`, { method, body });
  const settings = overview.safeParse(await control("GET", ""));
  if (!settings.success) throw new CannotStart(`${imagekitUrl} is not the simulated ImageKit`);

  return {
    submit: async (actor, submission) =>
      batch.parse(await api(actor, "POST", "/api/purges", submission)).purges,
    act: async (actor, id, action) => void (await api(actor, "POST", `/api/purges/${id}/${action}`)),
    read: async (id) => purge.parse(await api("local", "GET", `/api/purges/${id}`)),
    inState: async (state) =>
      z
        .object({ purges: z.array(purge) })
        .parse(await api("local", "GET", `/api/purges?state=${state}&limit=100`)).purges,
    budget: async () => budget.parse(await api("local", "GET", "/api/budget")),
    correct: async (external, reason) =>
      void (await api("local", "POST", "/api/budget/corrections", { external, reason })),
    imagekit: {
      pendingMs: async () => overview.parse(await control("GET", "")).settings.pendingMs,
      change: async (change) => void (await control("PUT", "/settings", change)),
      addFaults: async (faults) => void (await control("POST", "/faults", faults)),
      complete: async (target) => void (await control("POST", "/complete", { url: target })),
      stage: async (image, end) => void (await control("POST", "/cdn/stage", { url: image, end })),
    },
  };
}

async function call(
  url: string,
  {
    method,
    token,
    body,
  }: { readonly method: string; readonly token?: string | undefined; readonly body?: unknown },
): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(withinMs),
  }).catch((cause: unknown) => {
    throw new CannotStart(`Nothing answers at ${new URL(url).origin}: is npm start still running?`, {
      cause,
    });
  });
  const text = await answer.text();
  const retryAfter = answer.headers.get("Retry-After");
  // A fast machine asks more often than a caller may.
  if (answer.status === 429 && retryAfter !== null) {
    await sleep(1_000 * Number(retryAfter));
    return call(url, { method, token, body });
  }
  if (!answer.ok) throw new CannotStart(`${method} ${url} answered ${answer.status}: ${text.slice(0, 500)}`);
  return text === "" ? undefined : JSON.parse(text);
}
