import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeRedirect, withQuery } from "../../../src/dashboard/ui/safe-redirect.ts";

describe("a safe redirect", () => {
  test.each([
    ["/batches/b_1?show=open#line-3", "/batches/b_1?show=open#line-3"],
    ["//elsewhere.test/", "/otherwise"],
    ["/\\elsewhere.test", "/otherwise"],
    ["https://elsewhere.test/", "/otherwise"],
    ["/sign-in", "/otherwise"],
    ["javascript:alert(1)", "/otherwise"],
    ["", "/otherwise"],
  ])("a request to redirect to %s redirects to %s", (place, own) => {
    expect(safeRedirect({ basePath: "" }, place, "/otherwise")).toBe(own);
  });

  test.each([
    ["/_purge", "/_purge"],
    ["/_purge?state=held", "/_purge?state=held"],
    ["/_purge/a/../budget?q=../../x#y", "/_purge/budget?q=../../x#y"],
    ["/_purge/../admin", "/otherwise"],
    ["/_purge/..", "/otherwise"],
    ["/_purge/%2e%2e/admin", "/otherwise"],
    ["/_purge/.%2E/admin", "/otherwise"],
    ["/_purge/..\\admin", "/otherwise"],
    ["/_purge\\..\\admin", "/otherwise"],
    ["/_purge/..%2fadmin", "/otherwise"],
    ["/_purge/%252e%252e/admin", "/otherwise"],
    ["/_purge//elsewhere.test", "/otherwise"],
    ["/_purge/..//elsewhere.test", "/otherwise"],
    ["/_purgeX", "/otherwise"],
    ["/_purge.test/", "/otherwise"],
    ["/_purge/x/../sign-out", "/otherwise"],
    ["/_purge/\t../admin", "/otherwise"],
    ["/_purge/.\n./admin", "/otherwise"],
    ["/_purge/.b/../../admin", "/otherwise"],
    ["/_purge/.:/.", "/otherwise"],
  ])("a redirect below /_purge to %j leads to %s", (place, own) => {
    expect(safeRedirect({ basePath: "/_purge" }, place, "/otherwise")).toBe(own);
  });

  test.each([
    ["/.//elsewhere.test", "/otherwise"],
    ["/x/..//elsewhere.test", "/otherwise"],
    ["/./sign-out", "/otherwise"],
    ["/%73ign-out", "/otherwise"],
  ])("a redirect on a site of its own to %s leads to %s", (place, own) => {
    expect(safeRedirect({ basePath: "" }, place, "/otherwise")).toBe(own);
  });

  const piece = fc.constantFrom(
    ...[
      "/",
      "//",
      "\\",
      ".",
      "..",
      "%2e",
      "%2E%2e",
      "%2f",
      "%5c",
      "%252e",
      "\t",
      "\n",
      "\r",
      "\0",
      " ",
      "@",
      ":",
    ],
    ...[
      "?",
      "#",
      ";",
      "_purge",
      "_purgeX",
      "elsewhere.test",
      "sign-out",
      "%73ign-out",
      "budget",
      "https:",
      "[",
      "ü",
    ],
  );
  const hostile = fc
    .tuple(
      fc.constantFrom("", "/", "/_purge", "/_purge/"),
      fc.oneof(fc.array(piece, { maxLength: 12 }), fc.string({ unit: "binary" }).map(Array.of<string>)),
    )
    .map(([start, pieces]) => start + pieces.join(""));

  test.each(["", "/_purge"])(
    "whatever a redirect says, a browser that follows it stays on this host and below the base path '%s'",
    (basePath) => {
      let kept = 0;
      fc.assert(
        fc.property(hostile, (place) => {
          const own = safeRedirect({ basePath }, place, "otherwise");
          if (own === "otherwise") return;
          kept += 1;
          for (const target of [own, withQuery(own, { done: "closed" })]) {
            const { origin, pathname } = new URL(target, "https://purge.test/some/page");
            expect(origin).toBe("https://purge.test");
            expect(`${pathname}/`.startsWith(`${basePath}/`)).toBe(true);
            expect(decodeURIComponent(pathname.slice(basePath.length))).not.toMatch(
              /\/\.\.?(\/|$)|\\|\/\/|^\/sign-/,
            );
          }
        }),
        { numRuns: 5_000 },
      );
      expect(kept).toBeGreaterThan(50);
    },
  );

  test("a redirect with a query added keeps its query and fragment, and never becomes another host", () => {
    expect(withQuery("/batches/b_1?show=open&done=x#line-3", { done: "closed" })).toBe(
      "/batches/b_1?show=open&done=closed#line-3",
    );
    expect(withQuery("/.//elsewhere.test", { done: "closed" })).toBe("/.//elsewhere.test?done=closed");
  });
});
