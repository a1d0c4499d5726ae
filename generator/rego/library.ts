/**
 * Rules that compiled rules call, written by hand and formatted as `opa fmt` does. A module holds only
 * those that it uses.
 */
export type LibraryName = "get" | "get_text" | "kind_key" | "element" | "show" | "not_null" | "quantity_of" | "digits_of" | "text_of" | "to_integer" | "before_last" | "after_last" | "entries_of" | "namespaced_objects" | "cluster_objects";

export const library: Readonly<Record<LibraryName, string>> = {
  get: `
# The value at a path; null counts as absent.
get(object_or_null, path, fallback) := value if {
	value := object.get(object_or_null, path, null)
	value != null
} else := fallback`,
  get_text: `
# The text at a path; null and the empty text count as absent.
get_text(object_or_null, path, fallback) := value if {
	value := object.get(object_or_null, path, null)
	not value in {null, ""}
} else := fallback`,
  kind_key: `
# Group (for the core group, version) and kind of an object: "apps/DaemonSet", "v1/Pod".
kind_key(resource) := key if {
	key := concat("/", [split(resource.apiVersion, "/")[0], resource.kind])
} else := ""`,
  not_null: `
# A value, or the empty text for null.
not_null(value) := "" if {
	value == null
} else := value`,
  text_of: `
# A whole number as its digits; a text as it is.
text_of(value) := format_int(value, 10) if {
	is_number(value)
} else := value`,
  digits_of: `
# The digits of a whole number. format_int itself knows no more than 32 bits where OPA is compiled to wasm.
digits_of(number) := format_int(number, 10) if {
	abs(number) < 2147483648
} else := concat("", [sign, format_int((size - low) / 1000000000, 10), substring(format_int(1000000000 + low, 10), 1, -1)]) if {
	size := abs(number)
	low := size % 1000000000
	sign := substring("-", 0, count([number | number < 0]))
}`,
  quantity_of: `
# A number as its digits; a text as it is.
quantity_of(value) := digits_of(value) if {
	is_number(value)
	value == floor(value)
	value < 9007199254740992
} else := json.marshal(value) if {
	is_number(value)
} else := value`,
  element: `
# The element at an index, or what stands for one that is not there.
element(list, index, fallback) := value if {
	value := list[index]
} else := fallback`,
  show: `
# A text of the user's, fit for a message: at most 100 characters, control characters as spaces.
show(text) := strings.replace_n(control_characters, text) if {
	count(text) <= 100
} else := concat("", [strings.replace_n(control_characters, substring(text, 0, 100)), "..."])

control_characters := {
${controlCharacterLines()}
}`,
  to_integer: `
# The number that one to nine decimal digits spell. Leading zeros go first: to_number fails on them.
to_integer(text, fallback) := to_number(digits) if {
	regex.match("^[0-9]{1,9}$", text)
	digits := trim_left(text, "0")
	digits != ""
} else := 0 if {
	regex.match("^0{1,9}$", text)
} else := fallback`,
  before_last: `
# What stands before the last separator; all of the text where there is none.
before_last(text, separator) := concat(separator, array.slice(parts, 0, count(parts) - 1)) if {
	parts := split(text, separator)
	count(parts) > 1
} else := text`,
  entries_of: `
# The entries of a map; null counts as absent.
entries_of(map) := [{"key": key, "value": value} |
	some key, value in map
	value != null
]`,
  namespaced_objects: `
# The synced objects that lie in Namespaces, of the kinds of each version.
namespaced_objects(kinds_of) := [resource |
	some versions in data.inventory.namespace
	some version, kinds in kinds_of
	some kind in kinds
	some resource in versions[version][kind]
]`,
  cluster_objects: `
# The synced objects that lie in no Namespace, of the kinds of each version.
cluster_objects(kinds_of) := [resource |
	some version, kinds in kinds_of
	some kind in kinds
	some resource in data.inventory.cluster[version][kind]
]`,
  after_last: `
# What stands behind the last separator; all of the text where there is none.
after_last(text, separator) := parts[count(parts) - 1] if {
	parts := split(text, separator)
}`,
};

function controlCharacterLines(): string {
  const entries = [...Array(32).keys(), 127].map((code) => `"\\u${code.toString(16).padStart(4, "0")}": " ",`);
  const rows = [0, 8, 16, 24, 32].map((start) => entries.slice(start, start + 8));
  return rows.map((row) => `\t${row.join(" ")}`).join("\n");
}

/** The texts of the library rules that are `wanted`, in a fixed order. */
export function libraryTexts(wanted: ReadonlySet<string>): string[] {
  return Object.entries(library)
    .filter(([name]) => wanted.has(name))
    .map(([, text]) => text);
}
