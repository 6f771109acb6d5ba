import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readTargets } from "../../src/command-line/read-targets.ts";

/** Standard input that has nothing. */
const none = Readable.from([]);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "purge-desk-targets-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(content: string | Uint8Array): Promise<string> {
  const file = join(folder, "list.txt");
  await writeFile(file, content);
  return file;
}

test("each line of a request leads to the line of the file, or to the argument, that the user wrote", async () => {
  const file = await fileOf("# autumn\n\n/boot.jpg\nhttps://a.example/1\n\n/sandal.jpg\n");
  const { request, sourceOf, asWritten } = await readTargets(
    ["/shoe.jpg", "https://a.example/2"],
    { file },
    none,
  );
  const lines = [...(request.urls ?? []), ...(request.images ?? [])];
  expect(lines.map((text, index) => `${sourceOf(index + 1)} ${text}`)).toEqual([
    "argument 2 https://a.example/2",
    `${file}:4 https://a.example/1`,
    "argument 1 /shoe.jpg",
    `${file}:3 /boot.jpg`,
    `${file}:6 /sandal.jpg`,
  ]);
  const numbers = lines.map((_, index) => ({ line: index + 1 }));
  expect(asWritten(numbers).map(({ line }) => line)).toEqual([3, 1, 4, 2, 5]);
});

test.each([
  ["Windows", "/a.jpg\r\n\r\n/b.jpg\r\n"],
  ["an old Mac", "/a.jpg\r\r/b.jpg"],
  ["an editor that writes a byte order mark", "\ufeff/a.jpg\n\n/b.jpg"],
])("a file from %s has the lines that one sees", async (_, content) => {
  const file = await fileOf(content);
  const { request, sourceOf } = await readTargets([], { file }, none);
  expect([request.images, sourceOf(2)]).toEqual([["/a.jpg", "/b.jpg"], `${file}:3`]);
});

test.each([
  ["UTF-16", Buffer.from("\ufeff/a.jpg\n", "utf16le"), "list.txt is UTF-16 or no text. Save it as UTF-8"],
  [
    "Latin-1",
    Buffer.from("/a.jpg\n/grün.jpg\n", "latin1"),
    "list.txt:2 is not UTF-8. Save the file as UTF-8",
  ],
  [
    "Latin-1 from an old Mac",
    Buffer.from("/a.jpg\r/b.jpg\r/grün.jpg\r", "latin1"),
    "list.txt:3 is not UTF-8. Save the file as UTF-8",
  ],
  [
    "Latin-1 from Windows",
    Buffer.from("/a.jpg\r\n/b.jpg\r\n/grün.jpg\r\n", "latin1"),
    "list.txt:3 is not UTF-8. Save the file as UTF-8",
  ],
  [
    "a file that cannot be a list",
    "/a.jpg\n".repeat(2_500_000),
    "list.txt is too large: it may have at most 16 MiB",
  ],
  ["a file without lines", "# nothing yet\n", "Nothing to purge"],
])("%s is refused instead of purging something else", async (_, content, said) => {
  await expect(readTargets([], { file: await fileOf(content) }, none)).rejects.toThrow(said);
});

test("an argument that is a file is refused with the option that reads it", async () => {
  const file = relative(process.cwd(), await fileOf("/a.jpg\n"));
  await expect(readTargets([file], {}, none)).rejects.toThrow(
    `${file} is a file here. To read targets from it: --file`,
  );
});

test("a file without an end is refused", async () => {
  await expect(readTargets([], { file: "/dev/zero" }, none)).rejects.toThrow("/dev/zero is too large");
});

test("a file that cannot be read is named with the reason", async () => {
  await expect(readTargets([], { file: folder }, none)).rejects.toThrow(`${folder} cannot be read (EISDIR)`);
});
