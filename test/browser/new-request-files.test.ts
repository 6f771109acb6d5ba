import { expect, test } from "vitest";
import { describeDashboard } from "./dashboard.ts";
import { image, said, urls, visible } from "./request-form.ts";

describeDashboard("files for a new request", { settings: { pendingMs: "never" } }, (dashboard) => {
  test("a file's URLs are added, and skipped rows are counted", async () => {
    const page = await dashboard.open("/new");
    const choose = async (name: string, buffer: Buffer) => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.getByRole("button", { name: "Add from a file" }).click(),
      ]);
      await chooser.setFiles({ name, mimeType: "text/csv", buffer });
    };
    await urls(page).fill(image("typed.jpg"));
    const csv = `\ufeffName;Image\r\n"Boot; red";"${image("one.jpg")}"\r\nShoe;${image("two.jpg")}\r\nNone;\r\n`;
    await choose("shoes.csv", Buffer.from(csv));
    await visible(page, "2 URLs found in shoes.csv. Left out: 2 lines without a URL.");
    const expected = `${[image("typed.jpg"), image("one.jpg"), image("two.jpg")].join("\n")}\n`;
    await expect.poll(() => urls(page).inputValue()).toBe(expected);
    await said(page, 3).toContain("two.jpg");
    await choose("photo.jpg", Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x10]));
    await visible(page, "photo.jpg is not a text file.");
    await choose("large.txt", Buffer.alloc(1_000_001, "a"));
    await visible(page, "large.txt is larger than 1 MB.");
    await expect.poll(() => urls(page).inputValue()).toBe(expected);
    await choose("again.csv", Buffer.from(`1,${image("three.jpg")}`));
    await visible(page, "1 URL found in again.csv.");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => urls(page).inputValue()).toBe(expected);
  });

  test("a dropped file is added too", async () => {
    const page = await dashboard.open("/new");
    await page.evaluate(`{
      const data = new DataTransfer();
      data.items.add(new File(["${image("dropped.jpg")}"], "list.txt", { type: "text/plain" }));
      document.querySelector("textarea").dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }`);
    await visible(page, "Added 1 line from list.txt.");
    await said(page, 1).toContain("dropped.jpg");
  });
});
