/** The whole app over a real ledger (embedded Redis behind the bridge) and an ImageKit that tests steer. */

import { createHash } from "node:crypto";
import { expect } from "vitest";
import { answerSchemas, problemSchema } from "../../src/build/answer-schemas.ts";
import { descriptions } from "../../src/build/openapi.ts";
import { problemCodesOf, problemHeaders } from "../../src/build/route-answers.ts";
import { type Config, type Environment, readConfig } from "../../src/config.ts";
import { dashboardRoutes } from "../../src/dashboard/dashboard.tsx";
import { scopes } from "../../src/domain/caller.ts";
import { type Clock, systemClock } from "../../src/domain/time.ts";
import { problems } from "../../src/http/answers/problem.ts";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { type AppOptions, createApp } from "../../src/http/app.ts";
import type { Platform } from "../../src/http/context.ts";
import { securityHeaders } from "../../src/http/middleware/security-headers.ts";
import { createServices, type Services } from "../../src/services.ts";
import { expectImageKitAnswer, isOfImageKitsApi } from "./imagekit-answer.ts";
import { ledgerAt } from "./ledger-at.ts";
import { type RedisBackend, startBackend } from "./ledger-backends.ts";

/** One token for each scope, and one of another caller with the scope purge. */
export const tokens = {
  read: tokenOf("r"),
  purge: tokenOf("p"),
  wildcard: tokenOf("w"),
  admin: tokenOf("a"),
  other: tokenOf("o"),
} as const;

export const signed = "https://ik.imagekit.io/demo/secret/shoe.jpg?ik-t=1900000000&ik-s=0123456789abcdef";

export type TestApp = {
  readonly services: Services;
  readonly app: { readonly fetch: (request: Request, platform?: Platform) => Response | Promise<Response> };
  readonly redis: RedisBackend;
  readonly imagekit: {
    /** Bodies of the POSTs that arrived. */
    readonly purged: string[];
    /** Answers the next calls; a test replaces it. */
    answer: (request: Request) => Response | Promise<Response>;
  };
  /** Lines that were logged. */
  readonly logged: string[];
  readonly background: Promise<unknown>[];
  /**
   * Sends a request and compares the answer with the OpenAPI document of the route: status, code, body, headers.
   */
  readonly call: (path: string, init?: CallInit) => Promise<CheckedAnswer>;
  readonly close: () => Promise<void>;
};

export type CallInit = {
  readonly method?: string;
  readonly token?: string;
  readonly body?: BodyInit;
  readonly json?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
};

export type CheckedAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what was compared with its schema before
  readonly body: any;
};

export const environmentOfTests: Environment = {
  IMAGEKIT_PRIVATE_KEY: "private_key_of_the_tests",
  IMAGEKIT_API_BASE_URL: "http://imagekit.test",
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1",
  UPSTASH_REDIS_REST_TOKEN: "token-of-the-tests",
  PURGE_TOKENS: [
    ...scopes.map((scope) => `${scope}-actor:${scope}:${sha256(tokens[scope])}`),
    `other-actor:purge:${sha256(tokens.other)}`,
  ].join(","),
  PURGE_SEND_RATE: "off",
  PURGE_POLL_RATE: "off",
  PURGE_CALLER_RATE: "off",
  PURGE_REPEAT_LIMIT: "off",
  // A test that checks what the edge serves turns it on.
  PURGE_EDGE_CHECK: "off",
};

export async function startApp(
  options: {
    readonly env?: Environment;
    readonly app?: AppOptions;
    readonly clock?: Clock;
    /** The time of the app and the ledger; a test moves it. */
    readonly time?: { now: number };
    /** `none`: nothing listens at the address of the ledger. */
    readonly redis?: "embedded" | "none";
  } = {},
): Promise<TestApp> {
  const redis = await startBackend("embedded");
  const address =
    options.redis === "none"
      ? {}
      : { UPSTASH_REDIS_REST_URL: redis.url, UPSTASH_REDIS_REST_TOKEN: redis.token };
  const logged: string[] = [];
  const background: Promise<unknown>[] = [];
  const imagekit: TestApp["imagekit"] = { purged: [], answer: accepting() };
  const { time } = options;
  const given = options.clock ?? systemClock;
  const clock = time ? { ...given, now: () => time.now } : given;
  const config = configOf({ ...environmentOfTests, ...address, ...options.env });
  const made = createServices(config, {
    clock,
    writeLog: (line) => logged.push(line),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (request.method === "POST") imagekit.purged.push(await request.clone().text());
      return imagekit.answer(request);
    },
  });
  const services = time ? { ...made, ledger: ledgerAt(clock, made) } : made;
  const app = createApp(services, [apiRoutes, dashboardRoutes()], options.app);
  const basePath = (options.app?.basePath ?? "").replace(/\/$/, "");
  return {
    services,
    app,
    redis,
    imagekit,
    logged,
    background,
    call: async (path, init = {}) => {
      const platform = init.platform ?? { waitUntil: (work) => background.push(work) };
      const response = await app.fetch(requestOf(basePath, path, init), platform);
      return described(init.method ?? "GET", path, response);
    },
    close: async () => {
      await Promise.all(background);
      await redis.close();
    },
  };
}

/** Answers 201 with a fresh id to each POST, and Completed to each GET. */
export function accepting(status = "Completed"): (request: Request) => Response {
  let count = 0;
  return (request) =>
    request.method === "POST"
      ? Response.json({ requestId: `ik${++count}` }, { status: 201 })
      : Response.json({ status });
}

export function configOf(env: Environment): Config {
  const reading = readConfig(env);
  if ("problems" in reading) throw new Error(reading.problems.join("\n"));
  return reading.config;
}

function requestOf(basePath: string, path: string, init: CallInit): Request {
  const { method = "GET", token, json, type } = init;
  const body = json === undefined ? init.body : JSON.stringify(json);
  return new Request(`https://purge.test${basePath}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: authorizationOf(path, token) }),
      ...(body !== undefined && { "Content-Type": type ?? "application/json" }),
      ...init.headers,
    },
    ...(body !== undefined && { body, duplex: "half" }),
  });
}

/** Below ImageKit's paths a token is the user of Basic auth, with the password that its SDK sends. */
export function authorizationOf(path: string, token: string): string {
  return isOfImageKitsApi(path) ? `Basic ${btoa(`${token}:do_not_set`)}` : `Bearer ${token}`;
}

/** Headers that callers act on: the document names each one that an answer has. */
const telling = [
  "Accept-Post",
  "Allow",
  "ETag",
  "Location",
  "Preference-Applied",
  "Retry-After",
  "WWW-Authenticate",
];

async function described(method: string, path: string, response: Response): Promise<CheckedAnswer> {
  const { status, headers } = response;
  const text = await response.text();
  const type = headers.get("Content-Type") ?? "";
  const body = type.includes("json") && method !== "HEAD" ? JSON.parse(text) : text;
  for (const name of Object.keys(securityHeaders)) expect(headers.has(name), `${path}: ${name}`).toBe(true);
  expect(headers.get("X-Request-Id")).toMatch(/^[\w-]+$/);

  if (isOfImageKitsApi(path)) {
    expectImageKitAnswer({ method, path, status, headers, text });
    return { status, headers, text, body };
  }
  const description = descriptions.find(
    ({ route }) => pathPattern(route.path).test(path) && route.method === method.toLowerCase(),
  );
  if (method === "HEAD") return { status, headers, text, body };
  if (type === "application/problem+json") {
    const problem = problemSchema.parse(body);
    expect(problem.status).toBe(status);
    expect(problem.requestId).toBe(headers.get("X-Request-Id"));
    expect(problems[problem.code].status).toBe(status);
    if (description !== undefined) expect(problemCodesOf(description)).toContain(problem.code);
    expect(Object.keys(problemHeaders[problem.code] ?? {})).toEqual(
      expect.arrayContaining(telling.filter((name) => headers.has(name))),
    );
  } else if (description !== undefined) {
    const answer = description.answers.find((each) => each.status === status);
    if (answer === undefined) throw new Error(`${method} ${path} answered an undescribed ${status}: ${text}`);
    if (answer.schema === undefined) expect(text).toBe("");
    else answerSchemas[answer.schema].parse(body);
    expect(Object.keys(answer.headers ?? {})).toEqual(
      expect.arrayContaining(telling.filter((name) => headers.has(name))),
    );
  }
  return { status, headers, text, body };
}

const patterns = new Map<string, RegExp>();

/** Whether a request's path (with or without a query) matches a route such as `/api/purges/:id`. */
function pathPattern(path: string): RegExp {
  const known = patterns.get(path);
  if (known !== undefined) return known;
  const pattern = new RegExp(`^${path.replaceAll(/:\w+/g, "[^/?]+")}(\\?.*)?$`);
  patterns.set(path, pattern);
  return pattern;
}

function tokenOf(letter: string): string {
  return `pd_${letter.repeat(43)}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
