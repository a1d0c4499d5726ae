import { expect, test } from "vitest";
import { fragmentOf, questionIn } from "../playground/link.js";

const question = { manifest: 'kind: Pod # ü, 🐙 and "quotes"\n'.repeat(50), config: "rules: {}\n", bundle: "ack", rules: ["unresolved-placeholder"] };

test("a link gives back what it was made of, and is short", async () => {
  const fragment = await fragmentOf(question);
  expect(fragment).toMatch(/^#v1\.[\w-]+$/);
  expect(fragment.length).toBeLessThan(250);
  expect(await questionIn(fragment)).toEqual(question);
});

test.each(["", "#", "#why", "#v2.abc"])("%s is no link of ours", async (fragment) => {
  expect(await questionIn(fragment)).toBeUndefined();
});

test("a broken link is an error", async () => {
  const fragment = await fragmentOf(question);
  const packed = async (value: unknown): Promise<string> => {
    const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return `#v1.${Buffer.from(await new Response(stream).arrayBuffer()).toString("base64url")}`;
  };
  for (const broken of ["#v1.", "#v1.****", fragment.slice(0, -12), await packed({}), await packed(["", "", "", [1]]), await packed(["x".repeat(3_000_000), "", "", []])]) {
    await expect(questionIn(broken), broken.slice(0, 40)).rejects.toThrow("this link is broken");
  }
});
