import { createHash } from "node:crypto";

/** What a URL of an image shows: a little picture, so that a person sees which version is served. */
export type Picture = {
  readonly bytes: Buffer;
  readonly type: string;
  /** Without quotation marks. The same for the same version in the same format. */
  readonly etag: string;
};

/**
 * The picture of one version of an image. As ImageKit does, it is served in the best format that `accept` names; all of
 * them are drawn as SVG here, and say which they stand for.
 */
export function picture(url: string, version: number, accept: string): Picture {
  const format = ["avif", "webp"].find((each) => accept.includes(`image/${each}`)) ?? "jpeg";
  const name = nameIn(url);
  const hue = createHash("sha256").update(`${name} ${version}`).digest().readUInt16BE() % 360;
  const bytes =
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240" viewBox="0 0 320 240">
<title>${escaped(name)}, version ${version}</title>
<rect width="320" height="240" fill="hsl(${hue} 55% 88%)"/>
<circle cx="160" cy="92" r="58" fill="hsl(${hue} 60% 42%)"/>
<g font-family="system-ui, sans-serif" text-anchor="middle">
<text x="160" y="110" font-size="52" font-weight="700" fill="#fff">${version}</text>
<text x="160" y="184" font-size="18" fill="#222">${escaped(name)}</text>
<text x="160" y="210" font-size="14" fill="#444">version ${version}, as ${format}</text>
</g>
</svg>
`);
  const etag = createHash("sha256").update(url).update(bytes).digest("hex").slice(0, 32);
  return { bytes, type: "image/svg+xml", etag };
}

const longestName = 32;

function nameIn(url: string): string {
  const [path = ""] = url.split("?", 1);
  const name = decoded(path.slice(path.lastIndexOf("/") + 1));
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function escaped(text: string): string {
  return text.replace(/\p{C}/gu, " ").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
