import { afterAll, beforeAll, expect } from "vitest";
import { startApp, type TestApp, tokens } from "../../../support/app.ts";
import { sessionCookie, sessionSecret } from "../../session.ts";

export const env = {
  ...sessionSecret,
  PURGE_MONTHLY_QUOTA: "20000",
  // Midnight there is 05:00 UTC.
  PURGE_QUOTA_TIME_ZONE: "America/New_York",
};

/** An app for the tests of one describe, with an admin who reads the list and submits. */
export function listApp() {
  const time = { now: Date.parse("2026-11-15T12:00:00.000Z") };
  let app: TestApp;
  let Cookie: string;
  beforeAll(async () => {
    app = await startApp({ env, time });
    Cookie = await sessionCookie(app, tokens.admin);
  });
  afterAll(() => app?.close());
  return {
    time,
    app: () => app,
    read: async (path: string) => {
      const { status, text } = await app.call(path, { headers: { Cookie } });
      return { status, html: text };
    },
    submit: async (urls: readonly string[], reason?: string) => {
      const json = { urls, ...(reason !== undefined && { reason }) };
      const answer = await app.call("/api/purges", { method: "POST", token: tokens.admin, json });
      expect(answer.status).toBe(202);
    },
  };
}

export const rowsOf = (html: string) => html.match(/<tr id="p_/g)?.length ?? 0;
