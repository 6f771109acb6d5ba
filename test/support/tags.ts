/** `npm test` leaves out tests with one of these tags; `npm run test:all` runs everything. */
export const tags = [
  { name: "redis-server", description: "on a real redis-server" },
  { name: "chromium", description: "in Chromium" },
  { name: "deno", description: "under Deno" },
  { name: "slow", description: "that are slow: they start programs or fill a ledger", timeout: 600_000 },
] as const;

declare module "vitest" {
  interface TestTags {
    tags: (typeof tags)[number]["name"];
  }
}
