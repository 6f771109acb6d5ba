import { upperCaseEscapes } from "../match-profile.ts";
import type { Usage } from "./read-usages.ts";

/** Folders whose images pages show in the same ways. */
export type FolderGroup = {
  readonly paths: readonly string[];
  /** How often each URL endpoint and each path transformation was found there. */
  readonly endpoints: ReadonlyMap<string, number>;
  readonly transformations: ReadonlyMap<string, number>;
  readonly count: number;
};

type Folder = {
  readonly path: string;
  readonly folders: Map<string, Folder>;
  /** Of the images in it, not of those in its folders. */
  readonly usages: Usage[];
};

/** Deeper folders tell images apart, not kinds of images; it also bounds the recursion. */
const deepest = 8;
/** At most this many folders of the first level are always kinds of images, such as products and banners. */
const mostKinds = 8;
/** Elsewhere, a folder counts as a kind of images only if there are this many images for each. */
const imagesPerKind = 3;
/** A folder differs from its neighbours if chance alone would explain its images less often than this. */
const improbable = 0.001;

/**
 * The fewest folders that tell the truth: a folder stands for the folders in it when their images are shown alike, up to
 * `/`, which stands for all. Folders that are shown alike form one group.
 */
export function groupFolders(usages: readonly Usage[]): readonly FolderGroup[] {
  const root: Folder = { path: "/", folders: new Map(), usages: [] };
  for (const usage of usages) folderOf(root, usage.image).usages.push(usage);
  const parts = new Map(partsOf(root, 0).map((part) => [part.path, part]));
  const groups = new Map<string, Part[]>();
  for (const part of parts.values()) {
    const alike = groups.get(part.signature);
    if (alike === undefined) groups.set(part.signature, [part]);
    else alike.push(part);
  }
  const isNeeded = ({ path, signature }: Part) => outerPart(path, parts)?.signature !== signature;
  return [...groups.values()]
    .map((alike) => toGroup(alike, alike.filter(isNeeded)))
    .sort((one, other) => other.count - one.count);
}

/** The part that a path would belong to if it were not a part of its own. */
function outerPart(path: string, parts: ReadonlyMap<string, Part>): Part | undefined {
  let at = path === "/" ? -1 : path.lastIndexOf("/", path.length - 2);
  while (at >= 0) {
    const outer = parts.get(path.slice(0, at + 1));
    if (outer !== undefined) return outer;
    at = at === 0 ? -1 : path.lastIndexOf("/", at - 1);
  }
  return undefined;
}

function folderOf(root: Folder, image: string): Folder {
  let folder = root;
  for (const name of upperCaseEscapes(image).split("/").slice(1, -1).slice(0, deepest)) {
    if (name === "") break;
    const known = folder.folders.get(name);
    const next = known ?? { path: `${folder.path}${name}/`, folders: new Map(), usages: [] };
    if (known === undefined) folder.folders.set(name, next);
    folder = next;
  }
  return folder;
}

/** A folder with everything in it that is shown alike. */
type Part = {
  readonly path: string;
  readonly usages: readonly Usage[];
  /** Equal for folders that are shown alike. */
  readonly signature: string;
  /** How many images have each of these ways. */
  readonly ways: ReadonlyMap<string, number>;
  readonly images: number;
};

function partsOf(folder: Folder, depth: number): readonly Part[] {
  const parts = [...folder.folders.values()].flatMap((inner) => partsOf(inner, depth + 1));
  if (folder.usages.length > 0) parts.push(partOf(folder.path, folder.usages));
  const [first, ...others] = parts;
  if (first === undefined) return [];
  if (others.length === 0) return [{ ...first, path: folder.path }];
  const whole = partOf(
    folder.path,
    parts.flatMap(({ usages }) => usages),
  );
  const areAlike =
    depth === 0 && parts.length <= mostKinds ? haveOneSignature(parts) : areAllLike(whole, parts);
  return areAlike ? [whole] : parts;
}

function haveOneSignature([first, ...others]: readonly Part[]): boolean {
  return others.every(({ signature }) => signature === first?.signature);
}

/** Whether the folders do not separate kinds of images: they hold too few images, or none differs from the whole. */
function areAllLike(whole: Part, parts: readonly Part[]): boolean {
  return whole.images < imagesPerKind * parts.length || parts.every((part) => mayBeLike(part, whole));
}

/**
 * Whether a part may be like the whole by chance: neither do all of its images lack what many others have, nor do all have
 * what few others have.
 */
function mayBeLike(part: Part, whole: Part): boolean {
  return [...whole.ways].every(([way, images]) => {
    const share = images / (whole.images + 1);
    const having = part.ways.get(way) ?? 0;
    if (having === 0) return (1 - share) ** part.images >= improbable;
    return having < part.images || share ** part.images >= improbable;
  });
}

function partOf(path: string, usages: readonly Usage[]): Part {
  const imagesOf = new Map<string, Set<string>>();
  for (const { endpoint, image, transformation } of usages) {
    for (const way of [endpoint, transformation]) {
      if (way === undefined) continue;
      const known = imagesOf.get(way);
      if (known === undefined) imagesOf.set(way, new Set([image]));
      else known.add(image);
    }
  }
  return {
    path,
    usages,
    signature: [...imagesOf.keys()].sort().join("\n"),
    ways: new Map([...imagesOf].map(([way, images]) => [way, images.size])),
    images: new Set(usages.map(({ image }) => image)).size,
  };
}

function toGroup(parts: readonly Part[], needed: readonly Part[]): FolderGroup {
  const endpoints = new Map<string, number>();
  const transformations = new Map<string, number>();
  let total = 0;
  for (const { endpoint, transformation, count } of parts.flatMap(({ usages }) => usages)) {
    endpoints.set(endpoint, (endpoints.get(endpoint) ?? 0) + count);
    if (transformation !== undefined) {
      transformations.set(transformation, (transformations.get(transformation) ?? 0) + count);
    }
    total += count;
  }
  return { paths: needed.map(({ path }) => path), endpoints, transformations, count: total };
}
