import { expect } from "vitest";
import type { TestApp } from "../support/app.ts";

/** Signs in with a token; gives a function that reads a page of that session. */
export async function reader({ app }: TestApp, token: string, basePath = "") {
  const address = `https://purge.test${basePath}`;
  const signedIn = await app.fetch(
    new Request(`${address}/sign-in`, {
      method: "POST",
      headers: { Origin: "https://purge.test", "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ token }).toString(),
    }),
  );
  expect(signedIn.status).toBe(303);
  const [Cookie = ""] = (signedIn.headers.get("Set-Cookie") ?? "").split(";");
  return async function read(path: string) {
    const response = await app.fetch(new Request(address + path, { headers: { Cookie } }));
    return { status: response.status, html: await response.text() };
  };
}
