{{/* Whether the texts of a pattern fit, as CEL: `*` may stand first or last. Takes {pattern, value}. */}}
{{- define "hostnetwork-policies.fits" -}}
{{- $fixed := include "hostnetwork-policies.literal" (.pattern | trimPrefix "*" | trimSuffix "*") -}}
{{- if regexMatch "^\\*+$" .pattern -}}true
{{- else if and (hasPrefix "*" .pattern) (hasSuffix "*" .pattern) -}}{{ .value }}.contains({{ $fixed }})
{{- else if hasPrefix "*" .pattern -}}{{ .value }}.endsWith({{ $fixed }})
{{- else if hasSuffix "*" .pattern -}}{{ .value }}.startsWith({{ $fixed }})
{{- else -}}{{ .value }} == {{ $fixed }}
{{- end -}}
{{- end -}}

{{/* Whether any of the patterns fits, as CEL. Takes {patterns, value}. */}}
{{- define "hostnetwork-policies.fitsAny" -}}
{{- $terms := list -}}
{{- range .patterns -}}{{- $terms = append $terms (include "hostnetwork-policies.fits" (dict "pattern" . "value" $.value)) -}}{{- end -}}
{{- join " || " $terms -}}
{{- end -}}

{{/* Whether a label selector picks an object, as CEL. Takes {selector, object}. */}}
{{- define "hostnetwork-policies.selects" -}}
{{- $terms := list -}}
{{- $requirements := list -}}
{{- range $key, $value := .selector.matchLabels -}}{{- $requirements = append $requirements (dict "key" $key "operator" "In" "values" (list $value)) -}}{{- end -}}
{{- range .selector.matchExpressions -}}{{- $requirements = append $requirements . -}}{{- end -}}
{{- $many := gt (len $requirements) 1 -}}
{{- range $requirements -}}
{{- $label := printf "%s.?metadata.?labels[?%s]" $.object (include "hostnetwork-policies.literal" .key) -}}
{{- $isIn := printf "%s.hasValue() && %s.orValue(\"\") in %s" $label $label (include "hostnetwork-policies.cel" (dict "value" (.values | default list))) -}}
{{- if eq .operator "In" -}}{{- $terms = append $terms (and $many (gt (len $terms) 0) | ternary (printf "(%s)" $isIn) $isIn) -}}
{{- else if eq .operator "NotIn" -}}{{- $terms = append $terms (printf "!(%s)" $isIn) -}}
{{- else if eq .operator "Exists" -}}{{- $terms = append $terms (printf "%s.hasValue()" $label) -}}
{{- else -}}{{- $terms = append $terms (printf "!%s.hasValue()" $label) -}}
{{- end -}}
{{- end -}}
{{- join " && " $terms | default "true" -}}
{{- end -}}

{{/* How a rule's `match` reads in the words of the API server, as JSON. Takes {id, match, rule, kinds, labelsAs}. */}}
{{- define "hostnetwork-policies.matching" -}}
{{- $match := .match -}}
{{- $never := printf "rule `%s` would never be asked: %%s; change its `match`, or set its enforcement to off" .id -}}
{{- if eq ($match.source | default "") "Generated" -}}{{- fail (printf $never "`source: Generated` fits what Gatekeeper expands; nothing else knows it") -}}{{- end -}}
{{- $scope := $match.scope | default "*" -}}
{{- if and (ne $scope "*") (ne (eq $scope "Cluster") (eq .rule.reviews "namespaces")) -}}
{{- fail (printf $never (printf "`scope: %s` fits none of the kinds that the rule reviews" $scope)) -}}
{{- end -}}
{{- $rules := list -}}
{{- range $row := .kinds -}}
{{- $resources := list -}}
{{- $last := list -}}
{{- range $row.kinds -}}
{{- $wanted := not $match.kinds -}}
{{- $kind := .kind -}}
{{- range $match.kinds -}}
{{- $groups := .apiGroups | default (list "*") -}}
{{- $names := .kinds | default (list "*") -}}
{{- if and (or (has "*" $groups) (has $row.group $groups)) (or (has "*" $names) (has $kind $names)) -}}{{- $wanted = true -}}{{- end -}}
{{- end -}}
{{- if $wanted -}}
{{- $resources = append $resources .resource -}}
{{- if eq .kind "Pod" -}}{{- $last = list "pods/ephemeralcontainers" -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if $resources -}}
{{- $rules = append $rules (dict "apiGroups" (list $row.group) "apiVersions" $row.versions "operations" (list "CREATE" "UPDATE") "resources" (concat $resources $last)) -}}
{{- end -}}
{{- end -}}
{{- if not $rules -}}{{- fail (printf $never "`kinds` names none of those that the rule reviews") -}}{{- end -}}
{{- $namespace := eq .rule.reviews "namespaces" | ternary "object.?metadata.?name.orValue(\"\")" "object.?metadata.?namespace.orValue(\"\")" -}}
{{- $requirements := list -}}
{{- $conditions := list -}}
{{- with $match.namespaces -}}
{{- if contains "*" (join "," .) -}}{{- $conditions = append $conditions (dict "name" "namespaces" "expression" (include "hostnetwork-policies.fitsAny" (dict "patterns" . "value" $namespace))) -}}
{{- else -}}{{- $requirements = append $requirements (dict "key" "kubernetes.io/metadata.name" "operator" "In" "values" .) -}}
{{- end -}}
{{- end -}}
{{- with $match.excludedNamespaces -}}
{{- if contains "*" (join "," .) -}}
{{- $fits := include "hostnetwork-policies.fitsAny" (dict "patterns" . "value" $namespace) -}}
{{- $conditions = append $conditions (dict "name" "excluded-namespaces" "expression" (gt (len .) 1 | ternary (printf "!(%s)" $fits) (printf "!%s" $fits))) -}}
{{- else -}}{{- $requirements = append $requirements (dict "key" "kubernetes.io/metadata.name" "operator" "NotIn" "values" .) -}}
{{- end -}}
{{- end -}}
{{- with $match.name -}}
{{- $fits := include "hostnetwork-policies.fits" (dict "pattern" . "value" "object.?metadata.?name.orValue(\"\")") -}}
{{- if hasSuffix "*" . -}}{{- $fits = printf "%s || %s" $fits (include "hostnetwork-policies.fits" (dict "pattern" . "value" "object.?metadata.?generateName.orValue(\"\")")) -}}{{- end -}}
{{- $conditions = append $conditions (dict "name" "name" "expression" $fits) -}}
{{- end -}}
{{- $matching := dict "resourceRules" $rules -}}
{{- if not (kindIs "invalid" $match.labelSelector) -}}
{{- if eq .labelsAs "selector" -}}{{- $_ := set $matching "objectSelector" $match.labelSelector -}}
{{- else -}}
{{- $old := include "hostnetwork-policies.selects" (dict "selector" $match.labelSelector "object" "oldObject") -}}
{{- if or (gt (add (len ($match.labelSelector.matchLabels | default dict)) (len ($match.labelSelector.matchExpressions | default list))) 1) (not (or (hasPrefix "!" $old) (hasSuffix ".hasValue()" $old) (eq $old "true"))) -}}
{{- $old = printf "(%s)" $old -}}
{{- end -}}
{{- $labels := printf "%s || request.operation == \"UPDATE\" && oldObject != null && %s" (include "hostnetwork-policies.selects" (dict "selector" $match.labelSelector "object" "object")) $old -}}
{{- $conditions = append $conditions (dict "name" "labels" "expression" $labels) -}}
{{- end -}}
{{- end -}}
{{- if or $requirements (not (kindIs "invalid" $match.namespaceSelector)) -}}
{{- $selector := deepCopy ($match.namespaceSelector | default dict) -}}
{{- if $requirements -}}{{- $_ := set $selector "matchExpressions" (concat ($selector.matchExpressions | default list) $requirements) -}}{{- end -}}
{{- $_ := set $matching "namespaceSelector" $selector -}}
{{- end -}}
{{- if $conditions -}}{{- $_ := set $matching "matchConditions" $conditions -}}{{- end -}}
{{- $matching | toRawJson -}}
{{- end -}}

{{/* A policy of the library with the parameters and the matching of the values, as JSON. Takes {policy, active, rule, target, matchConstraints, matchConditions}. */}}
{{- define "hostnetwork-policies.policy" -}}
{{- $policy := .policy -}}
{{- $_ := set $policy.spec "matchConstraints" .matchConstraints -}}
{{- with .matchConditions -}}{{- $_ := set $policy.spec "matchConditions" . -}}{{- end -}}
{{- $names := get .rule.written .target -}}
{{- range $policy.spec.variables -}}
{{- if eq .name "parameters" -}}{{- $_ := set . "expression" (include "hostnetwork-policies.written" (dict "names" $names "parameters" $.active.parameters)) -}}{{- end -}}
{{- end -}}
{{- $policy | toRawJson -}}
{{- end -}}
