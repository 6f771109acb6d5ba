import type { Compose, StartImageKit } from "./run-local.ts";

/** The service as `npm start` runs it: the same app and the same sweep as on Netlify. */
export const compose: Compose = () => ({
  fetch: () => new Response("the app goes here", { status: 503 }),
  sweep: async () => undefined,
});

export const startImageKit: StartImageKit = async () => ({
  url: "http://127.0.0.1:1",
  privateKey: "private_simulated",
  close: async () => undefined,
});
