import { expect, test } from "vitest";
import { Names } from "./names.js";

test.each([
  ["takesNodePorts", "takes_node_ports"],
  ["hostIP", "host_ip"],
  ["count", "count_2"],
  ["in", "in_2"],
  ["startsWith", "starts_with"],
])("%s is called %s in Rego", (wanted, name) => {
  expect(new Names().take(wanted)).toBe(name);
});

test("a name is given once; inner names do not reach out", () => {
  const outer = new Names();
  expect([outer.take("port"), outer.take("port"), outer.take("Port")]).toEqual(["port", "port_2", "port_3"]);
  const inner = new Names(outer);
  expect([inner.take("port"), inner.take("owner")]).toEqual(["port_4", "owner"]);
  expect(outer.take("owner")).toBe("owner");
});
