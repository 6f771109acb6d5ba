/**
 * Whether a text names an image by its path after the URL endpoint, such as `/products/shoe.jpg`. No URL begins with a
 * slash.
 */
export function isImagePath(text: string): boolean {
  return text.trimStart().startsWith("/");
}
