import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accepting, signed, tokens } from "../../../support/app.ts";
import {
  beginAnew,
  pass,
  queued,
  request,
  startWatching,
  submit,
  view,
  type Watching,
} from "../../app-with-purges.ts";
import { sessionCookie } from "../../session.ts";

let watching: Watching;
beforeAll(async () => {
  watching = await startWatching();
});
beforeEach(() => beginAnew(watching));
afterAll(() => watching.app.close());

describe("a batch's page", () => {
  test("a batch's page shows its progress, and stops refreshing when it is done", async () => {
    const { id } = await submit(
      watching,
      ["shoe.jpg", "boot.jpg", "shoe.jpg", "https://elsewhere.test/a.jpg"],
      {
        onInvalid: "skip",
      },
    );
    const before = await view(watching, `/batches/${id}`);
    expect(before).toContain("0 of 4 completed");
    expect(before).toContain('data-refresh-seconds="5"');
    expect(before).toContain("same as line 1");
    expect(before).toContain("2 units");
    watching.app.imagekit.answer = accepting();
    pass(watching, 1);
    const after = await view(watching, `/batches/${id}`);
    expect(after).toContain("3 of 4 completed");
    expect(after).toContain("1 rejected");
    expect(after).not.toContain("data-refresh-seconds");
    const filtered = await view(watching, `/batches/${id}?show=open`);
    expect(filtered).toContain('id="line-4"');
    expect(filtered).not.toContain('id="line-1"');
  });

  test("a batch's page says once why nothing is sent at the moment, and until when", async () => {
    const { id } = await queued(watching);
    expect(await view(watching, `/batches/${id}`)).toMatch(
      /id="pause".*ImageKit asked for a pause until .*Sending then resumes automatically\.<\/span><\/p>.*id="lines"/s,
    );
    pass(watching, 2);
    expect(await view(watching, `/batches/${id}`)).not.toContain('id="pause"');
  });

  test("why nothing is sent stands once on the pages of a batch and a purge, and nothing on them contradicts it", async () => {
    watching.app.imagekit.answer = () => Response.json({ message: "no such key" }, { status: 401 });
    const { id, purges } = await submit(watching, ["shoe.jpg", "boot.jpg"]);
    for (const path of [`/batches/${id}`, `/purges/${purges[0].id}`]) {
      const page = await view(watching, path, tokens.admin);
      const words = page.replace(/<ol class="timeline"[\s\S]*?<\/ol>/g, "");
      expect(words.match(/ImageKit does not accept the private key|ImageKit answers 401/g)).toHaveLength(1);
      expect(words.match(/Check IMAGEKIT_PRIVATE_KEY/g)).toHaveLength(1);
      expect(words).not.toContain("And 1 more.");
      expect(words).not.toContain("about to be sent");
      const asReader = await view(watching, path, tokens.read);
      expect(asReader).toContain("Only an admin can repair that: tell one.");
    }
    // Elsewhere the header has it, after the one alarm of these tests.
    expect(await view(watching, "/", tokens.admin)).toContain("And 1 more.");
  });

  test("a joined line names the batch it waits with, and is free", async () => {
    const first = await submit(watching, ["shoe.jpg"], { changedAt: "2026-01-01T00:00:00Z" });
    const second = await submit(watching, ["shoe.jpg"], { changedAt: "2026-01-01T00:00:00Z" }, tokens.other);
    const page = await view(watching, `/batches/${second.id}`);
    expect(page).toContain(`/batches/${first.id}`);
    expect(page).toContain("free; 1 joined line is free");
    const purge = await view(watching, `/purges/${first.purges[0].id}`);
    expect(purge).toContain(`/batches/${second.id}`);
    expect(purge).toContain("other-actor, joined");
  });

  test("a covered line is shown as typed, with its signature masked", async () => {
    const { id, lines } = await submit(
      watching,
      ["catalog/shoe.jpg*", "catalog/shoe.jpg?tr=w-200&ik-s=0123456789"],
      {},
      tokens.admin,
    );
    expect(lines[1]).toMatchObject({ verdict: "covered", by: 1 });
    expect(lines[1].input).toMatch(/shoe\.jpg\?tr=w-200&ik-s=masked$/);
    const page = await view(watching, `/batches/${id}`);
    expect(page).toContain("covered by the wildcard on line 1");
    expect(page).not.toContain("0123456789");
  });

  test("a batch has one support text for all its overdue purges", async () => {
    const { id, purges } = await submit(watching, ["shoe.jpg", "boot.jpg"]);
    pass(watching, 16);
    const page = await view(watching, `/batches/${id}`);
    expect(page).toContain("0 of 2 completed");
    expect(page).toContain("2 purge requests of ours");
    expect(page).toContain("request id: ik1");
    expect(page).toContain("request id: ik2");
    expect(page).toContain("mailto:support@imagekit.io");
    const one = await view(watching, `/purges/${purges[0].id}`);
    expect(one).toContain("A purge request of ours");
    expect(one).toContain("time to ask ImageKit");
  });

  test("the pages of a batch and a purge show hostile text as text, and no signature", async () => {
    const attack = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
    const { id, purges } = await submit(watching, [signed, `https://elsewhere.test/${attack}`], {
      reason: attack,
      onInvalid: "skip",
    });
    watching.app.imagekit.answer = accepting();
    for (const path of [`/batches/${id}`, `/purges/${purges[0].id}`]) {
      const page = await view(watching, path);
      expect(page).not.toContain("<script>alert");
      expect(page).not.toContain("<img");
      expect(page).not.toContain("0123456789abcdef");
      expect(page).toContain("&lt;script&gt;alert(1)");
    }
  });

  test.each([
    "/batches/b_00000000000000000000000000",
    "/batches/x",
    "/purges/p_00000000000000000000000000",
    "/purges/x",
  ])("the page %s of no batch or purge is not found", async (path) => {
    const answer = await request(watching, path, undefined, {
      Cookie: await sessionCookie(watching.app, tokens.read),
    });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("retention time");
  });
});
