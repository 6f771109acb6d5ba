import * as z from "zod/mini";
import { endsInKnownFile } from "../../rules/image-file.ts";
import { inUrl } from "./changed-images.ts";

/** What a site's netlify.toml says. */
export type Inputs = {
  /** Begins and ends with a slash. */
  readonly folder: string;
  /** A path or a URL, with a final slash. */
  readonly imagekitPath: string;
  readonly isImage: (path: string) => boolean;
  readonly maxUnits: number;
  readonly dryRun: boolean;
};

const folder = z
  .string()
  .check(z.regex(/^\/(?:[^*?#\\]*\/)?$/, 'must begin and end with a slash, as "/images/" does'));
const imagekitPath = z
  .string()
  .check(
    z.regex(
      /^(?:\/|https?:\/\/[^/\s]+\/)(?:[^*?#\\\s]*\/)?$/,
      'must be a path or a URL with a final slash, such as "/shop/" or "https://ik.imagekit.io/your_id/"',
    ),
  );
const extension = z.string().check(z.regex(/^\.?[a-z0-9]{1,10}$/i, 'must be extensions, such as "jpg"'));
const schema = z.strictObject({
  folder: z._default(folder, "/"),
  imagekitPath: z.optional(imagekitPath),
  extensions: z.optional(z.array(extension).check(z.minLength(1, "must name at least one extension"))),
  maxUnits: z._default(z.int("must be a whole number").check(z.nonnegative("must not be negative")), 100),
  dryRun: z._default(z.boolean("must be true or false"), false),
});

/** The inputs, or a sentence for each that is wrong. */
export function readInputs(
  given: unknown,
): { readonly inputs: Inputs } | { readonly problems: readonly string[] } {
  const { success, data, error } = schema.safeParse(given ?? {});
  if (!success) {
    return {
      problems: error.issues.map(({ path, message }) => `${String(path[0] ?? "inputs")}: ${message}`),
    };
  }
  const { extensions } = data;
  return {
    inputs: {
      ...data,
      imagekitPath: data.imagekitPath ?? `/${inUrl(data.folder.slice(1))}`,
      isImage: extensions === undefined ? endsInKnownFile : endsInOneOf(extensions),
    },
  };
}

function endsInOneOf(extensions: readonly string[]): (path: string) => boolean {
  const known = new Set(extensions.map((each) => each.replace(/^\./, "").toLowerCase()));
  return (path) => known.has(path.slice(path.lastIndexOf(".") + 1).toLowerCase());
}
