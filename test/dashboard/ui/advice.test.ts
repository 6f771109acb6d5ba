import { describe, expect, test } from "vitest";
import { adviceFor } from "../../../src/dashboard/ui/advice.ts";
import { accepting, startApp, tokens } from "../../support/app.ts";
import { sessionCookie, sessionSecret } from "../session.ts";

const nobody = { name: "merchandiser", scopes: ["read", "purge"] } as const;
const check = { name: "alarm-credentials-send", advice: "Check IMAGEKIT_PRIVATE_KEY." };

describe("what people are advised", () => {
  test("a deployment without an admin token says who else to tell", () => {
    expect(adviceFor(nobody, check, [])).toContain("Tell the person who runs this Purge Desk.");
  });

  test("an admin reads how to repair a refused key, and everybody else what it means and whom to tell", async () => {
    const app = await startApp({ env: sessionSecret });
    app.imagekit.answer = () => Response.json({ message: "no" }, { status: 401 });
    await app.call("/api/purges", {
      method: "POST",
      token: tokens.purge,
      json: { urls: ["https://ik.imagekit.io/demo/a.jpg"] },
    });
    const pages = async (token: string) => {
      const headers = { Cookie: await sessionCookie(app, token) };
      const list = await app.call("/", { headers });
      const health = await app.call("/health", { headers });
      return [list.text, health.text];
    };
    for (const text of await pages(tokens.admin)) expect(text).toContain("IMAGEKIT_PRIVATE_KEY");
    for (const text of await pages(tokens.purge)) {
      expect(text).toContain("ImageKit does not accept Purge Desk&#39;s key, so nothing is sent.");
      expect(text).toContain("Tell an admin (admin-actor).");
      expect(text).not.toMatch(/IMAGEKIT_|PURGE_|UPSTASH_/);
    }
    app.imagekit.answer = accepting("Pending");
    await app.close();
  });
});
