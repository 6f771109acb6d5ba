/** An image to show in an example: ImageKit's own sample, at the first of the URL endpoints. */
export function sampleImage(urlEndpoints = "https://ik.imagekit.io/demo"): string {
  const [first = ""] = urlEndpoints.split(",");
  return `${first.trim().replace(/\/+$/, "")}/default-image.jpg`;
}
