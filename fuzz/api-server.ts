/** A kube-apiserver on loopback with the ValidatingAdmissionPolicies of rules: it is asked about what it makes of an object. */
import { startTemporary, type Loopback } from "../cluster/temporary.js";
import { isObject, type JsonObject } from "../generator/schema/json.js";
import { complete } from "../generator/schema/schema.js";
import { admissionPolicy } from "../generator/targets/admission-policy.js";
import { isExpressible, type Form } from "../generator/targets/known.js";
import { putPolicy, removePolicy, verdictOf, waitForPolicies } from "../test/cluster/admission.js";
import { collectionOf, metadataOf, NOBODY } from "../test/cluster/objects.js";
import { textAnswer, type Answer } from "../test/engines/runner.js";
import { asJson } from "../test/json.js";
import { admissible } from "./admissible.js";
import type { FuzzEngine, Question, Sample } from "./engines.js";

const FORM: Form = "admission-policy";

export function apiServerEngine(): FuzzEngine {
  let loopback: Promise<Loopback> | undefined;
  let asked = 0;
  const started = (): Promise<Loopback> => (loopback ??= startTemporary("fuzz"));

  /** Each set of parameters is a policy, which reviews one user's requests. */
  const askRule = async (server: Loopback, { rule: { compiled }, samples }: Question, users: ReadonlyMap<string, string>): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (const { request, given } of samples) {
      const user = users.get(keyOf(compiled.meta.id, given)) ?? "";
      const text = user.startsWith("(error)") ? user : verdictOf(await create(server, user, request.object), user);
      answers.push(text === "" ? [] : [text]);
    }
    return answers;
  };

  return {
    name: "kube-apiserver",
    kind: "server",
    takes: (rule, { request }) =>
      isExpressible(rule, FORM) && rule.needs.length === 0 && request.oldObject === undefined && request.inventory === undefined && (request.operation ?? "CREATE") === "CREATE" && isObject(request.object) && collectionOf(request.object) !== undefined,
    expected: textAnswer,
    async seen(questions) {
      const server = await started();
      const seenOf = async (sample: Sample): Promise<Sample[]> => {
        const { object } = sample.request;
        const made = isObject(object) ? await admissible(object, (each) => create(server, NOBODY, each)) : undefined;
        return made === undefined ? [] : [{ ...sample, request: { operation: "CREATE", object: withoutServerFields(made) } }];
      };
      return Promise.all(questions.map(async ({ rule, samples }) => ({ rule, samples: (await Promise.all(samples.map(seenOf))).flat() })));
    },
    async ask(questions) {
      const server = await started();
      const users = new Map<string, string>();
      for (const { rule: { compiled }, samples } of questions) {
        for (const { given } of samples) {
          const key = keyOf(compiled.meta.id, given);
          if (users.has(key)) continue;
          asked += 1;
          const user = `fuzz-${String(asked)}`;
          const policy = asJson(admissionPolicy(compiled, { parameters: complete(compiled.schema, given) }));
          users.set(key, await putPolicy(server, policy, user).then(() => user, (error: unknown) => `(error) ${String(error)}`));
        }
      }
      await waitForPolicies(server, `canary-${String(asked)}`);
      const answers = await Promise.all(questions.map((question) => askRule(server, question, users)));
      for (const user of [...users.values(), `canary-${String(asked)}`]) if (!user.startsWith("(error)")) await removePolicy(server, user);
      return answers;
    },
    async end() {
      if (loopback !== undefined) await (await loopback).end();
    },
  };
}

const keyOf = (id: string, given: JsonObject | undefined): string => JSON.stringify([id, given]);

const create = (server: Loopback, user: string, object: unknown): ReturnType<ReturnType<Loopback["as"]>["send"]> =>
  server.as(user).send("POST", `${isObject(object) ? (collectionOf(object) ?? "") : ""}?dryRun=All`, object);

/** The object with the server's defaults, as somebody would send it. */
function withoutServerFields(object: JsonObject): JsonObject {
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, generation: _generation, managedFields: _fields, ...metadata } = metadataOf(object);
  return { ...object, metadata };
}
