import { gunzip } from "../../gunzip.ts";
import packed from "./openapi.gz.json" with { type: "json" };

type Media = { readonly schema?: object; readonly examples?: Readonly<Record<string, object>> };

export type FieldSchema = {
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly $ref?: string;
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
};

export type Operation = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly "x-scope": string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "path" | "query" | "header";
    readonly required?: boolean;
    readonly description: string;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly description: string } | { readonly $ref: string }>>;
};

/** What is read of the document here; it is valid OpenAPI 3.1 as a whole. */
export type OpenApiDocument = {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<"get" | "post", Operation>>>>>;
  readonly components: {
    readonly schemas: Readonly<
      Record<string, { readonly properties?: Readonly<Record<string, FieldSchema>> }>
    >;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
    readonly responses: Readonly<Record<string, { readonly description: string }>>;
  };
};

/** The document that the build made, unpacked: as text it would be a sixth of the function. */
export async function openApiDocument(): Promise<OpenApiDocument> {
  return JSON.parse(await gunzip(packed.gzip));
}
