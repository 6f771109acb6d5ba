/** The form of a new request, as its tests address it. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

export const image = (name: string) => `https://ik.imagekit.io/demo/shoes/${name}`;
export const urls = (page: Page) => page.getByLabel("Images or URLs, one per line");
export const text = (page: Page) => urls(page).inputValue();
export const submitButton = (page: Page) => page.getByRole("button", { name: /^Submit/ });
export const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name }).first().click();

/** The verdict on a line, counted from 1. */
export const row = (page: Page, line: number) => page.locator(".line-verdict").nth(line - 1);

/** Waits for what the verdict on a line says. */
export const said = (page: Page, line: number) => expect.poll(() => row(page, line).textContent());

/** Waits for these words. */
export const visible = (page: Page, words: string | RegExp) =>
  expect.poll(() => page.getByText(words).first().isVisible()).toBe(true);
