/** A shop's service on this machine: the product as `npm start` runs it, with a clock that the caller moves. */

import { systemClock } from "../../../src/domain/time.ts";
import { composeWith } from "../../../src/local/compose.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../../src/local/imagekit/simulated-imagekit.ts";
import { makeToken } from "../../../src/local/make-token.ts";
import { runLocal } from "../../../src/local/run-local.ts";
import { createServices } from "../../../src/services.ts";
import { sweepLedger } from "../../../src/use-cases/sweep.ts";
import { ledgerAt } from "../../support/ledger-at.ts";

const callers = {
  maria: makeToken({ name: "maria", scopes: ["admin"] }),
  storefront: makeToken({ name: "storefront", scopes: ["purge"] }),
  cms: makeToken({ name: "cms", scopes: ["purge", "wildcard"] }),
  "price-import": makeToken({ name: "price-import", scopes: ["purge"] }),
} as const;
export type CallerName = keyof typeof callers;

export type Shop = {
  readonly url: string;
  readonly imagekit: SimulatedImageKit;
  /** Sets the time, which stands still in between. */
  readonly setTime: (at: number) => void;
  /** Submits as that caller, and returns the path of the batch. */
  readonly submit: (as: CallerName, request: Readonly<Record<string, unknown>>) => Promise<string>;
  /** Stores a profile. */
  readonly putProfile: (name: string, profile: Readonly<Record<string, unknown>>) => Promise<void>;
  /** States how many units were spent elsewhere. */
  readonly correct: (correction: { readonly external: number; readonly reason: string }) => Promise<void>;
  readonly sweep: () => Promise<void>;
  /** Signs in as that caller, and returns the session's cookie. */
  readonly signIn: (as: CallerName) => Promise<{ name: string; value: string; url: string }>;
  readonly close: () => Promise<void>;
};

export async function openShop(opensAt: number): Promise<Shop> {
  let now = opensAt;
  const clock = { ...systemClock, now: () => now };
  const imagekit = await startSimulatedImageKit({
    settings: { pendingMs: "never", uploads: "before-each-purge" },
    clock,
  });
  let sweepOnce: () => Promise<unknown> = async () => {
    throw new Error("the service has not started");
  };
  const local = await runLocal({
    env: {
      PORT: "0",
      IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/fjord",
      PURGE_TOKENS: Object.values(callers)
        .map(({ entry }) => entry)
        .join(","),
      PURGE_SAFETY_MARGIN: "50",
      PURGE_SEND_RATE: "off",
      PURGE_CALLER_RATE: "off",
      // Redis deletes by its own clock, which may be years after the shop's.
      PURGE_RETENTION_DAYS: "3650",
    },
    compose: composeWith((config) => {
      const made = createServices(config, {
        clock,
        randomBytes: countingBytes(),
        writeLog: () => undefined,
      });
      const services = { ...made, ledger: ledgerAt(clock, made) };
      sweepOnce = () => sweepLedger(services, { deadlineMs: clock.monotonicMs() + 20_000 });
      return services;
    }),
    startImageKit: async () => imagekit,
    onError: (error) => console.error(error),
  });
  const send = async (method: "POST" | "PUT", as: CallerName, path: string, json: unknown) => {
    const answer = await fetch(local.url + path, {
      method,
      headers: { Authorization: `Bearer ${callers[as].token}`, "Content-Type": "application/json" },
      body: JSON.stringify(json),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    url: local.url,
    imagekit,
    setTime: (at) => {
      now = at;
    },
    submit: async (as, request) => `/batches/${(await send("POST", as, "/api/purges", request)).id}`,
    correct: async (correction) => {
      await send("POST", "maria", "/api/budget/corrections", correction);
    },
    putProfile: async (name, profile) => {
      await send("PUT", "maria", `/api/profiles/${name}`, profile);
    },
    sweep: async () => {
      await sweepOnce();
    },
    signIn: (as) => signIn(local.url, callers[as].token),
    close: local.close,
  };
}

/** Distinct bytes that are the same in every run, so the ids in the pictures are too. Not for secrets. */
function countingBytes(): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    count += 1;
    return Uint8Array.from({ length }, (_, index) => Math.imul(count * 31 + index, 0x9e3779b1) >>> 24);
  };
}

async function signIn(url: string, token: string) {
  const answer = await fetch(`${url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: url, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token }).toString(),
  });
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(answer.headers.get("Set-Cookie") ?? "") ?? [];
  if (value === "") throw new Error(`signing in was answered ${answer.status}`);
  return { name, value, url };
}
