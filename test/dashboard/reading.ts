import { expect } from "vitest";
import type { TestApp } from "../support/app.ts";

/** The session cookie that signing in with this token gives. */
export async function signIn(app: TestApp, token: string): Promise<string> {
  const response = await app.app.fetch(
    new Request("https://purge.test/sign-in", {
      method: "POST",
      headers: { Origin: "https://purge.test", "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ token }).toString(),
    }),
  );
  expect(response.status).toBe(303);
  return (response.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
}
