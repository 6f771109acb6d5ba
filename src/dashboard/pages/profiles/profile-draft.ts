import type { Profile, StoredProfile } from "../../../domain/profile.ts";
import { compressLists } from "../../../planning/learning/compress-lists.ts";
import { linesIn } from "../../shared/profile-words.ts";

/** A profile as it stands in a form. */
export type ProfileDraft = {
  /** The name of the stored profile that it changes; empty if it is a new one. */
  readonly was: string;
  /** The version of that profile that the reader has seen; 0 if it is a new one. */
  readonly version: number;
  readonly name: string;
  readonly paths: readonly string[];
  readonly endpoints: readonly string[];
  /** What the reader types, one a line. */
  readonly transformations: readonly string[];
  /** What can be ticked: what was found in a text. */
  readonly choices: readonly TransformationChoice[];
  /** A learned profile that the reader does not want is left out. */
  readonly isWanted: boolean;
};

export type TransformationChoice = {
  readonly transformation: string;
  /** How often it was found. */
  readonly seen: number;
  readonly isChosen: boolean;
};

export const emptyDraft: ProfileDraft = {
  was: "",
  version: 0,
  name: "",
  paths: [],
  endpoints: [],
  transformations: [],
  choices: [],
  isWanted: true,
};

export function draftOf({ name, paths, endpoints, transformations, version }: StoredProfile): ProfileDraft {
  return { ...emptyDraft, was: name, version, name, paths, endpoints, transformations };
}

/** The profile that a form describes. */
export function profileOf({ name, paths, endpoints, transformations, choices }: ProfileDraft): Profile {
  const chosen = choices.flatMap(({ transformation, isChosen }) => (isChosen ? [transformation] : []));
  const [lists, singles] = [chosen.filter(isList), chosen.filter((one) => !isList(one))];
  const all = [...lists, ...compressLists(singles), ...transformations];
  return { name, paths, endpoints, transformations: [...new Set(all)] };
}

function isList(transformation: string): boolean {
  return transformation.includes("{");
}

/** A form holds at most as many profiles as a shop can have. */
const mostDrafts = 50;

/** The names of the fields of the n-th profile in a form. */
export function fieldNames(index: number) {
  const field = (name: string) => `profile.${index}.${name}`;
  return {
    was: field("was"),
    version: field("version"),
    wanted: field("wanted"),
    name: field("name"),
    paths: field("paths"),
    endpoint: field("endpoint."),
    transformations: field("transformations"),
    /** Hidden: how often it was found, and the transformation. */
    choice: field("choice."),
    chosen: field("chosen."),
  };
}

/** Reads every profile of a form. */
export function readDrafts(fields: ReadonlyMap<string, string>): readonly ProfileDraft[] {
  const drafts: ProfileDraft[] = [];
  for (let index = 0; index < mostDrafts && fields.has(fieldNames(index).name); index += 1) {
    drafts.push(readDraft(fields, fieldNames(index)));
  }
  return drafts;
}

function readDraft(fields: ReadonlyMap<string, string>, names: ReturnType<typeof fieldNames>): ProfileDraft {
  const textOf = (name: string) => fields.get(name) ?? "";
  const valuesOf = (begin: string) =>
    [...fields].flatMap(([name, value]) => (name.startsWith(begin) ? [value] : []));
  const chosen = new Set(valuesOf(names.chosen));
  const choices = valuesOf(names.choice).flatMap((value) => {
    const [, seen = "", transformation = ""] = /^(\d{1,9}) (.+)$/s.exec(value) ?? [];
    if (transformation === "") return [];
    return [{ transformation, seen: Number(seen), isChosen: chosen.has(transformation) }];
  });
  const version = textOf(names.version);
  return {
    was: textOf(names.was),
    version: /^\d{1,15}$/.test(version) ? Number(version) : 0,
    name: textOf(names.name).trim(),
    paths: linesIn(textOf(names.paths)),
    endpoints: valuesOf(names.endpoint),
    transformations: linesIn(textOf(names.transformations)),
    choices,
    isWanted: textOf(names.wanted) !== "no",
  };
}
