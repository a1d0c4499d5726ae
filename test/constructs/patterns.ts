import { at, defineRule, violation } from "../../policies/kit/index.js";

/** The numbers of the patterns that a text fits. */
function fits(value: string): string {
  const found = [
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value) ? "1" : "",
    /<[A-Z_]+>|\$\{\w+\}/.test(value) ? "2" : "",
    /^(--)?(port|cat)[= ]/.test(value) ? "3" : "",
    /\d{2,4}/.test(value) ? "4" : "",
    /^$/.test(value) ? "5" : "",
    /[.+*?()[\]{}|^$\\/"'-]/.test(value) ? "6" : "",
    /^(?:[a-z]+[.]){1,3}[a-z]+\/[^:@]+(:[0-9]+)?(@sha256:[0-9a-f]*)?$/u.test(value) ? "7" : "",
    /(^|[^<])<[A-Z]/u.test(value) ? "8" : "",
    /^<?A?_*1?>?$/.test(value) ? "9" : "",
    /\n|\t| $/.test(value) ? "x" : "",
    /^\w*$/.test(value) ? "y" : "",
    /^\W+$/u.test(value) ? "u" : "",
    /\D[^a]$/u.test(value) ? "v" : "",
    /(a|b|<B>){2}|[<>]{3,}/.test(value) ? "z" : "",
  ];
  return found.join("");
}

/** Literal regular expressions: classes, anchors, groups, alternatives, repetitions and escapes. */
export default defineRule({
  id: "patterns",
  title: "Regular expressions in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    yield violation(at(workload, "name"), `name ${fits(workload.name)} ${fits(workload.kind)}`);
    for (const [c, container] of pod.containers.entries()) {
      yield violation(at(container, "image"), `image ${c} ${fits(container.image)}`);
      yield violation(at(container, "name"), `name ${c} ${fits(container.name)}`);
      for (const [a, arg] of container.args.entries()) {
        if (!/^[$]/.test(arg) && (/[{}]/.test(arg) || !/[<>]/.test(arg))) yield violation(at(container, "args", a), `braces ${c}.${a}`);
        yield violation(at(container, "args", a), `arg ${c}.${a} ${fits(arg)}`);
      }
      if (container.env.some((variable) => /=|T[A-Z]/.test(variable.name)) && container.env.every((variable) => !/^<A/.test(variable.value))) {
        yield violation(at(container, "env"), `env ${c} ${container.env.map((variable) => fits(variable.value)).join(",")}`);
      }
    }
  },
});
