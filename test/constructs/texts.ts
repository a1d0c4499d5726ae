import { afterLast, at, beforeLast, defineRule, show, toInteger, trimPrefix, trimSuffix, violation } from "../../policies/kit/index.js";

/** The number behind the last colon; -1 where there is none. */
function tagNumber(image: string): number {
  const tag = afterLast(image, ":");
  if (tag === image) return -1;
  return toInteger(tag, -2) - 1;
}

/** What stands between the first `=` and the next, of `--port=8080`. */
function valueOf(arg: string): string {
  const parts = arg.split("=");
  return parts.length > 2 ? "several" : (parts[1] ?? "nothing");
}

/** Template strings, the functions of texts, and every intrinsic. */
export default defineRule({
  id: "texts",
  title: "Texts in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    const quoted = `"${show(workload.name)}" \\ 'é 集 😀' \u0024{`;
    yield violation(at(workload, "name"), quoted);
    yield violation(at(workload, "name"), `${show(beforeLast(workload.name, "-"))}/${show(afterLast(workload.name, "-"))}`);
    const short = trimSuffix(trimPrefix(workload.name, "a"), workload.generateName);
    yield violation(at(workload, "generateName"), `${show(short)}|${show(trimPrefix(workload.name, short))}|${show(trimSuffix(workload.name, short))}|${show(trimPrefix(workload.kind, ""))}`);
    if (workload.name.startsWith(workload.generateName) && !workload.name.endsWith(short)) yield violation(at(workload, "name"), "starts, not ends");
    if (workload.name.includes(pod.serviceAccountName) || pod.serviceAccountName.includes("")) yield violation(at(pod, "serviceAccountName"), "includes");
    for (const [c, container] of pod.containers.entries()) {
      const number = tagNumber(container.image);
      yield violation(at(container, "image"), `${c} ${number} ${0 - number} ${number * 8_388_608 - 1}`);
      yield violation(at(container, "image"), `${c} ${show(beforeLast(beforeLast(container.image, "@"), "/"))}`);
      yield violation(at(container, "name"), `${c} ${show(trimPrefix(container.name, "main-"))} ${toInteger(trimPrefix(trimPrefix(container.name, "init-"), "main-"), c - 10)}`);
      for (const [a, arg] of container.args.entries()) {
        const value = valueOf(arg);
        yield violation(at(container, "args", a), `${c}.${a} ${show(value)} ${toInteger(value, a)} ${arg.split("<").length} ${arg.split("}}").length}`);
        if (arg.startsWith("<") || arg.endsWith(">") || arg.includes("B")) yield violation(at(container, "args", a), `${c}.${a} ${arg.includes("<") ? show(trimPrefix(arg, "<")) : "none"}`);
        const words = arg.split(" ");
        yield violation(at(container, "args", a), `${c}.${a} ${show(words[words.length - 1] ?? "-")} ${show(words[a + 1] ?? `no ${a + 1}`)} ${show(words[a - 1] ?? "before")} ${show(arg.split("{")[2] ?? "")}`);
        if (container.name === arg || `${arg}!` === `${words.join(" ")}!`) yield violation(at(container, "args", a), `${c}.${a} joins`);
      }
      for (const [e, variable] of container.env.entries()) {
        // Digits of every length, with zeros in front, made of what is there.
        const digits = `0${variable.value === "" ? "" : "123456"}${c}${e}${variable.name === "PORT" ? "9" : "9999"}`;
        const number = toInteger(digits, -1);
        yield violation(at(variable, "value"), `${c}.${e} ${digits} is ${number}, ${toInteger(`${number}`, 7)}, ${toInteger(variable.value, number + 1)}, ${toInteger(`${e}`.split("0").join(""), 5)}`);
        yield violation(at(variable, "name"), `${c}.${e} ${show(`${variable.name}=${variable.value}`)} ${show(show(variable.value))}`);
        yield violation(at(variable, "name"), `${c}.${e} ${toInteger("007", 1)} ${toInteger("000", 1)} ${toInteger("1234567890", 2)} ${toInteger("", 3)} ${toInteger("-1", 4)} ${toInteger("999999999", 5)}`);
      }
    }
  },
});
