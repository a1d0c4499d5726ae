/** Names that a generated rule, function or local must not take: keywords, and builtins that the compiled code may call. */
const reserved: ReadonlySet<string> = new Set([
  ..."as contains data default else every false if import in input not null package set some true with".split(" "),
  ..."abs all and any array assign ceil concat contains count div endswith eq equal floor format_int glob gt gte indexof".split(" "),
  ..."intersection is_array is_boolean is_null is_number is_object is_set is_string json lower lt lte max min minus mul neq net".split(" "),
  ..."numbers object opa or plus print product rand regex rego rem replace round semver sort split sprintf startswith strings".split(" "),
  ..."substring sum time to_number trace trim trim_left trim_prefix trim_right trim_space trim_suffix type_name union units upper urlquery uuid walk yaml".split(" "),
  ..."base64 base64url bits cast_array crypto graph graphql hex http io re_match regex_split set_diff".split(" "),
]);

/** Gives names to rules, functions and locals of one module. */
export class Names {
  private readonly taken: Set<string>;

  constructor(enclosing?: Names) {
    this.taken = new Set(enclosing === undefined ? reserved : enclosing.taken);
  }

  /** A free name like `wanted`, in the spelling of Rego (snake_case). */
  take(wanted: string): string {
    const base = snakeCase(wanted).replace(/[^a-z0-9_]/g, "_");
    let name = base;
    for (let count = 2; this.taken.has(name); count += 1) name = `${base}_${String(count)}`;
    this.taken.add(name);
    return name;
  }
}

export const snakeCase = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

/** What a part of the review is called. `operation` is the request's own, as it stands there. */
export const rootName = (name: string): string => (name === "operation" ? "review_operation" : snakeCase(name));
