/** The example answers in the OpenAPI document. Tests check them against the schemas. */

import { freshPurge, pendingPurge, unchangedPurge } from "./purge-examples.ts";

const budget = {
  month: "2026-11",
  quota: 1000,
  margin: 0,
  spent: 12,
  reserved: 3,
  external: 0,
  available: 985,
  held: 0,
  resetsAt: "2026-12-01T00:00:00.000Z",
} as const;

const storedProfile = {
  name: "shop",
  paths: ["/products/"],
  endpoints: ["https://ik.imagekit.io/demo"],
  transformations: ["tr:w-400"],
  units: 2,
  unitsWithQuery: 1,
  version: 3,
  changedAt: "2026-11-20T09:00:00.000Z",
  changedBy: "operator",
} as const;

const { paths, endpoints, transformations } = storedProfile;

export const answerExamples = {
  Plan: {
    units: 3,
    lines: [
      {
        line: 1,
        input: "https://ik.imagekit.io/demo/shoe.jpg",
        verdict: "accepted",
        url: "https://ik.imagekit.io/demo/shoe.jpg",
        kind: "exact",
        warnings: [
          {
            code: "exact-only",
            severity: "note",
            message:
              "Clears exactly this URL. To clear its versions and query transformations (?tr=…) too, end it with *; path transformations (/tr:…/) need a purge of their own.",
          },
        ],
      },
      { line: 2, input: "https://ik.imagekit.io/demo/shoe.jpg", verdict: "duplicate", of: 1 },
      {
        line: 3,
        input: "https://ik.imagekit.io/demo/images*",
        verdict: "rejected",
        violations: [
          {
            code: "wildcard-too-broad",
            message: "Too broad for ImageKit. Add a folder (/images/autumn/*) or a file (/images/red.jpg*).",
            why: "ImageKit accepts a wildcard if the part before the * has at least two levels (/images/upload*), or at least 15 characters, or is a complete file path with extension (/sample.jpg*).",
          },
        ],
      },
      {
        line: 4,
        input: "/products/boot.jpg",
        verdict: "image",
        image: "/products/boot.jpg",
        profile: "shop",
        targets: [
          { url: "https://ik.imagekit.io/demo/products/boot.jpg*", kind: "wildcard", verdict: "accepted" },
          {
            url: "https://ik.imagekit.io/demo/tr:w-400/products/boot.jpg*",
            kind: "wildcard",
            verdict: "accepted",
          },
        ],
        units: 2,
        unitsWithQuery: 1,
        warnings: [],
      },
    ],
    cover: [],
    covers: [],
    budget,
    availableAfter: 982,
  },
  Batch: {
    id: "b_01kaq3h8x0fj7m2k9t4v6w8y0a",
    createdAt: "2026-11-23T18:00:01.000Z",
    actor: "storefront",
    reason: "new autumn photo",
    done: false,
    checked: false,
    units: 1,
    lines: [{ line: 1, verdict: "accepted", purgeId: pendingPurge.id, warnings: [], state: "pending" }],
    purges: [pendingPurge],
    budget,
  },
  Purge: freshPurge,
  PurgePage: { purges: [unchangedPurge, pendingPurge], nextCursor: null },
  Budget: budget,
  ProfileList: {
    profiles: [storedProfile],
    version: 3,
    history: [
      {
        at: storedProfile.changedAt,
        actor: "operator",
        name: "shop",
        before: { name: "shop", paths, endpoints, transformations: [] },
        after: { name: "shop", paths, endpoints, transformations },
      },
    ],
  },
  StoredProfile: storedProfile,
  Learned: {
    profiles: [
      {
        name: "products",
        paths,
        endpoints,
        transformations,
        units: 2,
        unitsWithQuery: 1,
        seen: { "tr:w-400": 812 },
      },
    ],
    urls: 812,
    ignored: [
      { why: "not below a configured URL endpoint", count: 3, example: "https://cdn.example/logo.png" },
    ],
  },
  ImageKitAccepted: { requestId: "64b7d0f8a1c23e9b5d4f6a78" },
  ImageKitStatus: { status: "Pending" },
  ImageKitError: {
    message: "The URL is not valid for cache purging.",
    help: "wildcard-too-broad: Too broad for ImageKit. Add a folder (/images/autumn/*) or a file (/images/red.jpg*).",
  },
  Health: { status: "up" },
} as const;
