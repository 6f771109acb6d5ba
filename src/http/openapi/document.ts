type Media = {
  readonly schema?: object;
  readonly examples?: Readonly<Record<string, { readonly summary?: string; readonly value?: unknown }>>;
  readonly example?: string;
};

export type FieldSchema = {
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly description?: string;
  readonly type?: string | readonly string[];
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
    readonly in: string;
    readonly required?: boolean | undefined;
    readonly description: string;
    readonly example?: string | undefined;
  }[];
  readonly security: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly description: string } | { readonly $ref: string }>>;
};

/** The parts of the document that are read here; as a whole it is valid OpenAPI 3.1. */
export type OpenApiDocument = {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<
    Record<string, Readonly<Partial<Record<"get" | "post" | "put" | "delete", Operation>>>>
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, FieldSchema>>;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
    readonly responses: Readonly<Record<string, { readonly description: string }>>;
  };
};

/**
 * The generated document, imported when it is first needed. The bundle keeps it in the same file, but a function that
 * starts for any other API call does not construct it.
 */
export async function openApiDocument(): Promise<OpenApiDocument> {
  const { default: document } = await import("./openapi.json", { with: { type: "json" } });
  return document;
}
